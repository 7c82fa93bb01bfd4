import { describe, expect, it } from 'vitest';
import { RuntimeError } from '../../../src/errors.ts';
import type { RoofStore } from '../../../src/profile/roofs/roof-store.ts';
import { roofsFor } from '../../../src/profile/roofs/roofs-for.ts';
import type { Machine } from './machine.ts';
import { requestFor, scriptedMachine } from './machine.ts';

const processor: Machine = { gflopPerSecond: 50, gbPerSecond: 10, int8GopPerSecond: 180, startMs: 0.05 };

function memoryStore(): RoofStore & { text: string | null } {
  const store = {
    text: null as string | null,
    read: () => store.text,
    write: (text: string) => {
      store.text = text;
    },
  };
  return store;
}

describe('the roofs of a known machine', () => {
  it('are found again, and meet at the ridge', async () => {
    const roofs = await roofsFor(requestFor(scriptedMachine(processor)));
    expect(roofs.gflopPerSecond / 50).toBeCloseTo(1, 2);
    expect(roofs.gbPerSecond / 10).toBeCloseTo(1, 2);
    expect(roofs.ridge / 5).toBeCloseTo(1, 1);
    expect(roofs).toMatchObject({ provider: 'cpu', threads: 2, cached: false, disturbed: false });
    expect(roofs.int8GopPerSecond).toBeUndefined();
  });

  it('are found where starting a run takes longer than a product', async () => {
    const gpu = { gflopPerSecond: 40_000, gbPerSecond: 2000, float16GflopPerSecond: 160_000, startMs: 0.1 };
    const runtime = scriptedMachine(gpu);
    const roofs = await roofsFor(requestFor(runtime, { provider: 'cuda', precisions: ['float16'] }));
    expect(roofs.gflopPerSecond / 40_000).toBeGreaterThan(0.98);
    expect((roofs.float16GflopPerSecond ?? 0) / 160_000).toBeGreaterThan(0.95);
    expect(roofs.gbPerSecond / 2000).toBeGreaterThan(0.98);
    expect(runtime.openSessions).toBe(0);
  });

  it('tell integers apart when asked to', async () => {
    const roofs = await roofsFor(requestFor(scriptedMachine(processor), { precisions: ['int8', 'float32'] }));
    expect((roofs.int8GopPerSecond ?? 0) / 180).toBeCloseTo(1, 2);
  });

  it('come from the fastest run, whatever disturbed the others', async () => {
    let slowed = 0;
    const quiet = scriptedMachine(processor);
    const noisy = scriptedMachine(processor, {
      signature: (options) => quiet.script.signature(options),
      runMs: (run) => quiet.script.runMs(run) * (slowed++ % 7 === 0 ? 1 : 3),
    });
    expect((await roofsFor(requestFor(noisy))).gflopPerSecond / 50).toBeCloseTo(1, 2);
  });
});

describe('roofs that cannot be measured', () => {
  it('fail where the very first does', async () => {
    const runtime = scriptedMachine(processor, {
      runMs: () => {
        throw new RuntimeError('run-failed', { model: 'm', provider: 'cpu', problem: 'no kernel' });
      },
    });
    await expect(roofsFor(requestFor(runtime))).rejects.toBeInstanceOf(RuntimeError);
    expect(runtime.openSessions).toBe(0);
  });

  it('are left out where they are of another type', async () => {
    const { int8GopPerSecond: _, ...withoutIntegers } = processor;
    const known = scriptedMachine(withoutIntegers);
    const runtime = scriptedMachine(withoutIntegers, {
      signature: (options) => known.script.signature(options),
      runMs: (run) => {
        const ms = known.script.runMs(run);
        if (Number.isNaN(ms))
          throw new RuntimeError('run-failed', { model: 'm', provider: 'cpu', problem: 'no kernel' });
        return ms;
      },
    });
    const roofs = await roofsFor(requestFor(runtime, { precisions: ['int8'] }));
    expect(roofs.gflopPerSecond / 50).toBeCloseTo(1, 2);
    expect(roofs.int8GopPerSecond).toBeUndefined();
    expect(runtime.openSessions).toBe(0);
  });

  it('stop when they are told to', async () => {
    const runtime = scriptedMachine(processor);
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(roofsFor(requestFor(runtime, { signal: stopped }))).rejects.toThrow('enough');
  });
});

describe('roofs of an earlier run', () => {
  it('are used again for a month, for the same machine, provider, threads and types', async () => {
    const store = memoryStore();
    const runtime = scriptedMachine(processor);
    const first = await roofsFor(requestFor(runtime, { store }));
    const measured = runtime.opened.length;
    expect(await roofsFor(requestFor(runtime, { store, at: '2026-03-30T00:00:00.000Z' }))).toEqual({
      ...first,
      cached: true,
    });
    expect(runtime.opened.length).toBe(measured);
    for (const other of [
      { at: '2026-04-02T00:00:00.000Z' },
      { at: '2026-02-01T00:00:00.000Z' },
      { threads: 1 },
      { provider: 'webgpu' },
      { precisions: ['int8'] },
    ] as const)
      expect(
        await roofsFor(requestFor(runtime, { store: { ...store, write: () => undefined }, ...other })),
      ).toMatchObject({
        cached: false,
      });
  });

  it('of a busy machine are good for an hour, and never lower those that come after', async () => {
    const store = memoryStore();
    const busy = scriptedMachine(processor, { noise: (atMs) => ({ stalledMs: atMs / 2 }) });
    const first = await roofsFor(requestFor(busy, { store }));
    expect(first.disturbed).toBe(true);
    const soon = await roofsFor(requestFor(busy, { store, at: '2026-03-01T00:50:00.000Z' }));
    expect(soon.cached).toBe(true);
    const slower = scriptedMachine({ ...processor, gflopPerSecond: 30, gbPerSecond: 20 });
    const later = await roofsFor(requestFor(slower, { store, at: '2026-03-01T02:00:00.000Z' }));
    expect(later).toMatchObject({ cached: false, disturbed: false, gflopPerSecond: first.gflopPerSecond });
    expect(later.gbPerSecond / 20).toBeCloseTo(1, 2);
    expect(later.ridge).toBeCloseTo(later.gflopPerSecond / later.gbPerSecond, 9);
  });

  it.each(['', '{', '[]', '{"schemaVersion":2,"kind":"roofs","entries":[]}', '{"schemaVersion":1,"entries":[{}]}'])(
    'are measured anew where the file holds %j',
    async (text) => {
      const store = { ...memoryStore(), read: () => text };
      expect(await roofsFor(requestFor(scriptedMachine(processor), { store }))).toMatchObject({ cached: false });
    },
  );
});
