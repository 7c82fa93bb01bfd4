import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.ts';
import { resultJsonSchemas } from '../../src/result/json-schemas.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { mixedCase, sweepCase } from '../report/bench-cases.ts';
import { environment } from '../report/fixture-bench-result.ts';

async function failure(text: string): Promise<{ code: string; details: object }> {
  const error: unknown = await parseResult(text, 'r.json').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return error instanceof DataError ? error.finding : { code: '', details: {} };
}

async function problem(text: string): Promise<string> {
  const { code, details } = await failure(text);
  expect(code).toBe('result-malformed');
  expect(details).toHaveProperty('path', 'r.json');
  return String(Reflect.get(details, 'problem'));
}

function edited(edit: (result: ReturnType<typeof sweepCase>) => object): string {
  return JSON.stringify(edit(sweepCase()), null, 2);
}

describe('parseResult', () => {
  it('reads a bench result back as it was, byte order mark or not', async () => {
    const text = JSON.stringify(mixedCase());
    expect(await parseResult(text, 'r.json')).toEqual(mixedCase());
    expect(await parseResult(`\uFEFF${text}`, 'r.json')).toEqual(mixedCase());
  });

  it('reads a doctor result', async () => {
    const { schemaVersion, tool, createdAt } = sweepCase();
    const doctor = {
      schemaVersion,
      tool,
      createdAt,
      command: ['infer', 'doctor'],
      environment,
      warnings: [],
      kind: 'doctor',
      usable: true,
      providers: [{ name: 'cpu', usable: true, version: null, device: null }],
      noise: { loadAverage: 0.5, pressureShare: null, stealShare: 0, throttledPeriods: 0, windowMs: 100 },
      findings: [],
    };
    expect(await parseResult(JSON.stringify(doctor), 'r.json')).toEqual(doctor);
  });

  it('ignores fields it does not know, for a newer version may add some', async () => {
    expect(
      await parseResult(
        edited((result) => ({ ...result, extra: 1 })),
        'r.json',
      ),
    ).toEqual(sweepCase());
  });

  it('says which version a newer file has, before anything else about it', async () => {
    expect(await failure('{"schemaVersion": 7, "kind": "hologram"}')).toEqual({
      code: 'result-too-new',
      details: { path: 'r.json', found: 7, supported: 1 },
    });
  });

  it('says where the JSON breaks', async () => {
    const whole = JSON.stringify(sweepCase(), null, 2);
    expect(await problem('')).toBe('the file is empty');
    expect(await problem('{\n  "schemaVersion": 1,\n')).toMatch(/line 3, column 1|line 2/);
    expect(await problem(whole.slice(0, 200))).toMatch(/line \d+, column \d+/);
    expect(await problem('{\n  "schemaVersion": 1\n  "kind": "bench"\n}')).toContain('line 3, column 3');
    expect(await problem('batch,threads\r\n1,2\r\n')).toContain('not JSON');
  });

  it('says what is missing from JSON that is no result', async () => {
    expect(await problem('[]')).toBe('it is not a JSON object');
    expect(await problem('{"name":"x"}')).toContain("no 'schemaVersion'");
    expect(await problem('{"schemaVersion":1}')).toContain("no 'kind'");
    expect(await problem('{"schemaVersion":1,"kind":"horoscope"}')).toContain('"horoscope"');
  });

  it('says which field is at fault', async () => {
    const text = edited((result) => ({
      ...result,
      points: result.points.map((point, index) => (index === 3 ? { ...point, threads: 'two' } : point)),
    }));
    expect(await problem(text)).toBe('points[3].threads: expected number, received string');
  });
});

describe('resultJsonSchemas', () => {
  it('describes both kinds from the definitions that read them', () => {
    const { bench, doctor } = resultJsonSchemas();
    expect(bench).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { kind: { const: 'bench' }, schemaVersion: { type: 'integer' } },
    });
    expect(Reflect.get(bench, 'required')).toEqual(expect.arrayContaining(Object.keys(sweepCase())));
    expect(doctor).toMatchObject({ properties: { kind: { const: 'doctor' } } });
    expect(JSON.stringify(bench)).not.toContain('"additionalProperties":false');
  });
});
