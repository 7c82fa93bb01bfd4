import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSample } from '../../../src/runtime/gpu/gpu-sample.ts';
import { fullQuery, smiArguments, withoutRefused } from '../../../src/runtime/gpu/smi-query.ts';
import { throttleReasonsOf } from '../../../src/runtime/gpu/throttle-reasons.ts';
import { lines } from './fake-smi.ts';

const sampleOf = (line: string) => parseSample(line, fullQuery, 5);

describe('parseSample', () => {
  it('reads every figure of a data center card', () => {
    expect(sampleOf(lines.busy)).toEqual({
      atMs: 5,
      utilization: 0.87,
      memoryUtilization: 0.41,
      memoryUsedBytes: 5321 * 2 ** 20,
      powerW: 211.5,
      powerIsInstant: true,
      smClockMhz: 1410,
      smClockMaxMhz: 1410,
      temperatureC: 61,
      throttled: [],
      isMig: false,
    });
  });

  it('takes the averaged power where that of the moment is not told', () => {
    expect(sampleOf(lines.gaming)).toMatchObject({ powerW: 320.4, powerIsInstant: false, isMig: false });
  });

  it('knows a divided GPU, which does not tell how busy it is', () => {
    expect(sampleOf(lines.mig)).toMatchObject({ utilization: null, memoryUsedBytes: 12034 * 2 ** 20, isMig: true });
  });

  it('leaves unknown what is not supported or lost', () => {
    expect(sampleOf(lines.integrated)).toMatchObject({ utilization: 0.23, memoryUsedBytes: null, throttled: null });
    const lost = sampleOf(lines.lost);
    expect(lost).toMatchObject({ utilization: null, powerW: null, smClockMaxMhz: 1410, temperatureC: null });
  });

  it('reads lines with units as those without', () => {
    expect(sampleOf(lines.withUnits)).toMatchObject({
      utilization: 0.12,
      memoryUsedBytes: 2 ** 30,
      powerW: 75,
      smClockMhz: 1590,
      throttled: ['power-cap'],
    });
  });

  it.each(['', '1, 2, 3', 'No devices were found', 'a, b, c, d, e, f, g, h, i, j', `${lines.busy}, 1`, '1e999'])(
    'takes %j for no sample',
    (line) => {
      expect(sampleOf(line)).toBeNull();
    },
  );

  it('never makes a figure up from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (line) => {
        const sample = sampleOf(line);
        const numbers = Object.values(sample ?? {}).filter((value) => typeof value === 'number');
        expect(numbers.every(Number.isFinite)).toBe(true);
      }),
    );
  });
});

describe('throttleReasonsOf', () => {
  it.each([
    ['0x0000000000000000', []],
    ['0x0000000000000001', []],
    ['0x0000000000000004', ['power-cap']],
    ['0x0000000000000048', ['hardware-slowdown', 'hardware-thermal']],
    [
      '0x00000000000001FE',
      [
        'application-clocks',
        'power-cap',
        'hardware-slowdown',
        'sync-boost',
        'thermal',
        'hardware-thermal',
        'power-brake',
        'display-clocks',
      ],
    ],
    ['0x8000000000000020', ['thermal']],
  ])('reads the mask %s', (mask, reasons) => {
    expect(throttleReasonsOf(mask)).toEqual(reasons);
  });

  it.each(['[N/A]', '[Not Supported]', 'Active', '4', ''])('takes %j for unknown', (mask) => {
    expect(throttleReasonsOf(mask)).toBeNull();
  });
});

describe('withoutRefused', () => {
  const refuse = (name: string) => `Field "${name}" is not a valid field to query.\n\n`;

  it('asks by the older name before it leaves a figure out', () => {
    const older = withoutRefused(fullQuery, refuse('clocks_event_reasons.active'));
    expect(older).toHaveLength(fullQuery.length);
    expect(smiArguments(older ?? [], '0', 100)[2]).toContain('clocks_throttle_reasons.active');
    const none = withoutRefused(older ?? [], refuse('clocks_throttle_reasons.active'));
    expect(none).toHaveLength(fullQuery.length - 1);
    // The columns after it are still read as what they are.
    expect(parseSample('1, 2, 3, 4, 5, 6, 7, 8, Enabled', none ?? [], 0)).toMatchObject({
      throttled: null,
      isMig: true,
    });
  });

  it('ends: it cannot be made to ask for ever', () => {
    let query: ReturnType<typeof withoutRefused> = fullQuery;
    let steps = 0;
    while (query !== null) {
      query = withoutRefused(query, refuse(query[0]?.name ?? ''));
      steps += 1;
    }
    expect(steps).toBe(fullQuery.length + 1);
  });

  it('leaves other texts alone', () => {
    expect(withoutRefused(fullQuery, 'No devices were found')).toBeNull();
    expect(withoutRefused(fullQuery, refuse('uuid'))).toBeNull();
  });
});
