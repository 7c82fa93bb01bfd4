import { describe, expect, it } from 'vitest';
import type { ReadyProbe } from '../../src/bench/point-state.ts';
import { initialState, isMeasuring } from '../../src/bench/point-state.ts';
import { floats } from './scripted-bench.ts';

const point = { modelIndex: 0, ep: 'cpu', threads: 2, instances: 1, dims: {}, batch: null } as const;
const probe: ReadyProbe = {
  status: 'ready',
  inputs: { pool: [{ x: floats(1) }], expected: [null], dims: {}, notes: [], batch: 1 },
  runMs: 10,
  overheadMs: 100,
  versusCpu: null,
  versusExpected: null,
  placement: null,
  copies: null,
};

describe('initialState', () => {
  it.each([
    [2, 1, { overheadMs: 100, runMs: 10 }],
    [1, 1, { overheadMs: 100, runMs: 10 }],
    [4, 1, { overheadMs: 100, runMs: 20 }],
    [1, 4, { overheadMs: 200, runMs: 20 }],
    [4, 4, { overheadMs: 200, runMs: 80 }],
  ])('expects %i threads × %i instances on two cores to share them', (threads, instances, cost) => {
    const state = initialState({ ...point, threads, instances }, probe, 2);
    expect(state).toMatchObject({ status: 'measuring', rounds: [], cost });
    expect(isMeasuring(state)).toBe(true);
  });

  it('keeps the reason of a probe that decides', () => {
    const reason = { code: 'fixed-batch', details: { batch: 2, fixed: 1 } };
    const state = initialState(point, { status: 'skipped', reason }, 2);
    expect(state).toEqual({ status: 'skipped', reason, point, probe: null, rounds: [] });
    expect(isMeasuring(state)).toBe(false);
  });
});
