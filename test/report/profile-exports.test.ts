import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ProfileResult } from '../../src/profile/profile-result.ts';
import { loadFlame, loadTrace } from '../../src/report/profile-exports.ts';
import { comparedCase, emptyCase, fallbackCase, fullCase } from './profile-cases.ts';

/** As Perfetto and chrome://tracing read it: the fields that we write, by phase. */
const traceSchema = z.strictObject({
  displayTimeUnit: z.literal('ms'),
  otherData: z.record(z.string(), z.string()),
  traceEvents: z.array(
    z.discriminatedUnion('ph', [
      z.strictObject({
        ph: z.literal('X'),
        name: z.string(),
        cat: z.string(),
        ts: z.number().min(0),
        dur: z.number().min(0),
        pid: z.number().int(),
        tid: z.number().int(),
        args: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
      z.strictObject({
        ph: z.literal('C'),
        name: z.string(),
        ts: z.number(),
        pid: z.number(),
        args: z.record(z.string(), z.number()),
      }),
      z.strictObject({
        ph: z.literal('M'),
        name: z.enum(['process_name', 'thread_name']),
        pid: z.number(),
        tid: z.number().optional(),
        args: z.strictObject({ name: z.string() }),
      }),
    ]),
  ),
});

async function traced(result: ProfileResult) {
  const { traceEvents } = traceSchema.parse(JSON.parse((await loadTrace())(result)));
  const spans = traceEvents.flatMap((event) => (event.ph === 'X' ? [event] : []));
  return { traceEvents, spans };
}

describe('a trace', () => {
  it('has every execution of the typical run, in microseconds, under the name of its node', async () => {
    const { spans } = await traced(fullCase());
    expect(spans.map(({ name, ts, dur }) => [name, ts, dur])).toEqual([
      ['run', 0, 11_300],
      ['ReorderInput', 50, 420],
      ['/backbone/stem/Conv', 500, 6200],
      ['/backbone/head/Gemm', 6800, 2200],
      ['/gate/If', 9050, 300],
      ['/gate/Softmax', 9100, 30],
      ['mystery', 9400, 1800],
    ]);
    expect(spans[2]?.args).toMatchObject({
      operator: 'Conv',
      nodes: 'Conv, Relu',
      inputs: 'float32[1, 32, 56, 56]',
      bound: 'compute',
      timeMs: 4.4,
    });
  });

  it('tells of the arena where the provider does', async () => {
    const { traceEvents } = await traced(fullCase());
    const counters = traceEvents.flatMap((event) => (event.ph === 'C' ? [[event.ts, event.args.bytes]] : []));
    expect(counters).toEqual([
      [6700, 2_408_448],
      [9000, 4096],
    ]);
  });

  it('puts kernels one after another where no run was kept, a body within what runs it', async () => {
    const { spans } = await traced({ ...fullCase(), typicalRun: null });
    const at = (name: string) => spans.find((span) => span.name === name);
    expect(at('run')?.dur).toBeCloseTo(8000, 6);
    expect([at('/gate/If')?.ts, at('/gate/If')?.dur]).toEqual([6300, 220]);
    expect([at('/gate/Softmax')?.ts, at('/gate/Softmax')?.dur]).toEqual([6500, 20]);
    expect(at('mystery')?.ts).toBe(6520);
  });

  it('has a process for each subject', async () => {
    const { traceEvents } = await traced(comparedCase());
    const names = traceEvents.flatMap((event) =>
      event.ph === 'M' && event.name === 'process_name' ? [event.args.name] : [],
    );
    expect(names).toEqual(['models/two-headed.onnx on cpu, 2 threads', 'models/two-headed.onnx on webgpu, 2 threads']);
    expect((await traced(emptyCase())).spans.map(({ name }) => name)).toEqual(['run']);
  });
});

/** What speedscope's own schema demands of a file, version 0.0.1. */
const speedscopeSchema = z.strictObject({
  $schema: z.literal('https://www.speedscope.app/file-format-schema.json'),
  exporter: z.string(),
  name: z.string(),
  activeProfileIndex: z.number(),
  shared: z.strictObject({ frames: z.array(z.strictObject({ name: z.string() })) }),
  profiles: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('sampled'),
        name: z.string(),
        unit: z.literal('milliseconds'),
        startValue: z.number(),
        endValue: z.number(),
        samples: z.array(z.array(z.number().int().min(0))),
        weights: z.array(z.number().min(0)),
      }),
      z.strictObject({
        type: z.literal('evented'),
        name: z.string(),
        unit: z.literal('milliseconds'),
        startValue: z.number(),
        endValue: z.number(),
        events: z.array(z.strictObject({ type: z.enum(['O', 'C']), frame: z.number().int().min(0), at: z.number() })),
      }),
    ]),
  ),
});

async function speedscope(result: ProfileResult) {
  return speedscopeSchema.parse(JSON.parse((await loadFlame('speedscope'))(result)));
}

describe('a speedscope file', () => {
  it('has the time of a run by module and by operator', async () => {
    const { shared, profiles } = await speedscope(fullCase());
    const [module, operator] = profiles;
    if (module?.type !== 'sampled' || operator?.type !== 'sampled') throw new Error('two sampled profiles come first');
    for (const profile of [module, operator]) {
      expect(profile.samples).toHaveLength(profile.weights.length);
      expect(profile.endValue).toBeCloseTo(8, 12);
    }
    const named = ({ samples }: typeof module) =>
      samples.map((stack) => stack.map((frame) => shared.frames[frame]?.name).join(' > '));
    expect(named(module)).toEqual([
      'changes of layout > ReorderInput',
      'backbone > stem > Conv',
      'backbone > head > Gemm',
      'gate > If',
      'gate > If > Softmax',
      'mystery (Mystery)',
    ]);
    expect(named(operator)[2]).toBe('Gemm > Gemm');
  });

  it.each([fullCase(), comparedCase(), fallbackCase(), emptyCase()])(
    'opens and closes frames of time in order, each inside of what is open',
    async (result) => {
      const { profiles, shared } = await speedscope(result);
      for (const profile of profiles) {
        if (profile.type !== 'evented') continue;
        const open: number[] = [];
        const closed: (readonly [frame: number, open: number | undefined])[] = [];
        for (const { type, frame } of profile.events) {
          if (type === 'O') open.push(frame);
          else closed.push([frame, open.pop()]);
        }
        expect(open).toEqual([]);
        expect(closed.filter(([frame, last]) => frame !== last)).toEqual([]);
        const times = [...profile.events.map(({ at }) => at), profile.endValue];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(profile.events.filter(({ frame }) => shared.frames[frame] === undefined)).toEqual([]);
      }
    },
  );

  it('closes what overlaps, as clocks may tell it, before what comes next', async () => {
    const events = [
      { kernel: 1, startMs: 0, durationMs: 2 },
      { kernel: 2, startMs: 1.9, durationMs: 3 },
    ];
    const result = { ...fullCase(), typicalRun: { durationMs: 4, events } };
    const evented = (await speedscope(result)).profiles.find(({ type }) => type === 'evented');
    expect(evented?.type === 'evented' ? evented.events.map(({ type, at }) => [type, at]) : null).toEqual([
      ['O', 0],
      ['O', 1.9],
      ['C', 2],
      ['C', 2],
    ]);
  });
});

describe('a flame graph', () => {
  const boxes = (text: string) =>
    [...text.matchAll(/data-from="([\d.e-]+)" data-share="([\d.e-]+)".*?<title>([^<]*)</g)].map(
      ([, from, share, title]) => ({ from: Number(from), share: Number(share), title: title ?? '' }),
    );

  it('is a page of its own, its frames as wide as their times', async () => {
    const text = (await loadFlame('html'))(fullCase());
    expect(text).toMatch(/^<!doctype html>/);
    const drawn = boxes(text);
    expect(drawn.find(({ title }) => title.startsWith('Conv, Conv:'))).toMatchObject({ share: 0.55 });
    expect(drawn.find(({ title }) => title.startsWith('backbone:'))?.share).toBeCloseTo(0.75, 12);
    expect(drawn.filter(({ title }) => title.startsWith('all:')).map(({ share }) => share)).toEqual([1, 1]);
  });

  it('has no frame beyond the one that it lies in', async () => {
    for (const { from, share } of boxes((await loadFlame('html'))(comparedCase()))) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(from + share).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('is empty of a model of which nothing ran', async () => {
    expect(boxes((await loadFlame('html'))(emptyCase()))).toEqual([]);
  });
});
