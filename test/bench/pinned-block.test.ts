import { describe, expect, it } from 'vitest';
import { isHeld, shareProcessors } from '../../src/bench/pinned-block.ts';
import { measureByScript, onlyPoint } from './scripted-bench.ts';

const on = (...processors: readonly number[]) => ({ processors, threads: 1 });

describe('shareProcessors', () => {
  it('gives each instance processors of its own, in their order', () => {
    expect(shareProcessors({ threads: 2, instances: 2 }, [0, 2, 1, 3])).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(shareProcessors({ threads: 1, instances: 1 }, [3, 4])).toEqual([[3]]);
  });

  it('shares none', () => {
    expect(shareProcessors({ threads: 2, instances: 2 }, [0, 1, 2])).toBeNull();
  });
});

describe('isHeld', () => {
  it('wants a thread on each processor alone, and none elsewhere', () => {
    expect(isHeld([0, 1], [on(0), on(1), on(0, 1)])).toBe(true);
    expect(isHeld([0, 1], [on(0), on(1), on(0, 1, 2)])).toBe(false);
    expect(isHeld([0, 1], [on(0), on(0, 1)])).toBe(false);
    expect(isHeld([0], [on(1)])).toBe(false);
  });
});

describe('a bench that is pinned', () => {
  it('opens every instance with processors of its own and tells what was read back', async () => {
    const { findings, runtime } = await measureByScript({
      pinTo: [4, 5],
      axes: { threads: [1], instances: [2] },
    });
    const asked = runtime.opened.flatMap(({ processors }) => (processors === undefined ? [] : [processors]));
    expect(asked.slice(0, 2)).toEqual([[4], [5]]);
    expect(asked).toHaveLength(6);
    expect(onlyPoint(findings).pinned).toEqual({ processors: [[4], [5]], held: true });
    expect(onlyPoint(findings).rounds[0]?.affinity?.[1]).toEqual({
      asked: [5],
      threads: [{ processors: [5], threads: 1 }],
      held: true,
    });
  });

  it('warns where threads may run elsewhere, or nobody knows where', async () => {
    for (const affinity of [() => [on(4, 5)], () => null]) {
      const { findings } = await measureByScript({ pinTo: [4], axes: { threads: [1] } }, { affinity });
      expect(onlyPoint(findings).pinned?.held).toBe(false);
      expect(findings.warnings).toContainEqual({ code: 'pinning-lost', details: { points: 1 } });
    }
  });

  it('skips a point of more threads than processors, and measures the others', async () => {
    const { findings } = await measureByScript({ pinTo: [0, 1], axes: { threads: [1, 2], instances: [2] } });
    expect(findings.points.map(({ status, reason }) => [status, reason?.code])).toEqual([
      ['ok', undefined],
      ['skipped', 'too-few-to-pin'],
    ]);
    expect(findings.points[1]?.reason?.details).toEqual({ threads: 2, instances: 2, of: 2 });
  });

  it('says nothing of processors when it is not', async () => {
    const { findings } = await measureByScript();
    expect('pinned' in onlyPoint(findings)).toBe(false);
    expect('affinity' in (onlyPoint(findings).rounds[0] ?? {})).toBe(false);
  });
});
