import { describe, expect, it } from 'vitest';
import type { BaselineConditions, GateBaseline } from '../../src/gate/gate-baseline.ts';
import { conditionDifferences, emptyBaseline, formatBaseline, parseBaseline } from '../../src/gate/gate-baseline.ts';
import { storedBaseline } from '../../src/gate/stored-base.ts';
import type { NewRun } from '../../src/gate/update-baseline.ts';
import { updateBaseline } from '../../src/gate/update-baseline.ts';

const conditions: BaselineConditions = {
  ep: 'cpu',
  batch: 1,
  threads: 1,
  instances: 1,
  dims: { seq: 128, batch: 1 },
  inputs: 'synthetic',
  optimization: 'all',
};

function grown(baseline: GateBaseline, values: readonly number[], fingerprint = 'here'): GateBaseline {
  return values.reduce((now, value, at) => {
    const run: NewRun = {
      scenario: 'small',
      conditions,
      sha256: String(at),
      commit: null,
      values: [
        { metric: 'latency-p50', value, tolerance: 0.05 },
        { metric: 'file-size', value: 1000, tolerance: 0 },
      ],
    };
    return updateBaseline(now, { reason: `run ${at}`, createdAt: `day ${at}`, fingerprint, runs: [run] });
  }, baseline);
}

const level = [10, 10.3, 9.7, 10.1, 9.9, 10.2, 9.8, 10];
const valuesOf = (baseline: GateBaseline, metric = 'latency-p50') =>
  baseline.scenarios[0]?.entries
    .filter((entry) => entry.metric === metric)
    .map(({ runs }) => runs.map(({ value }) => value));

describe('a stored baseline', () => {
  it('is read back as it was written, and nothing else is one', () => {
    const baseline = grown(emptyBaseline, level);
    expect(parseBaseline(formatBaseline(baseline))).toEqual(baseline);
    expect(baseline.updates).toHaveLength(8);
    for (const bad of ['', '{}', '[]', '{"kind":"gate"}', formatBaseline(baseline).slice(0, -9)])
      expect(parseBaseline(bad)).toBeNull();
  });

  it('keeps the last twenty runs, and the level that was accepted first', () => {
    const baseline = grown(emptyBaseline, [...level, ...level, ...level]);
    expect(valuesOf(baseline)?.[0]).toHaveLength(20);
    expect(baseline.scenarios[0]?.entries[0]?.accepted).toBe(10);
  });

  it('begins anew with a level that its runs would hardly have shown', () => {
    expect(valuesOf(grown(grown(emptyBaseline, level), [10.4]))?.[0]).toHaveLength(9);
    const moved = grown(grown(emptyBaseline, level), [15]);
    expect(valuesOf(moved)).toEqual([[15]]);
    expect(moved.scenarios[0]?.entries[0]?.accepted).toBe(15);
    // Of two runs the spread is not known.
    expect(valuesOf(grown(emptyBaseline, [10, 11]))).toEqual([[10, 11]]);
    expect(valuesOf(grown(emptyBaseline, [10, 20]))).toEqual([[20]]);
  });

  it('keeps machines apart, and their exact figures together', () => {
    const both = grown(grown(emptyBaseline, level), [50, 51], 'there');
    expect(valuesOf(both)).toEqual([level, [50, 51]]);
    const question = { scenario: 'small', conditions };
    const here = storedBaseline(both, { ...question, fingerprint: 'here' });
    expect(here).toMatchObject({ fingerprint: 'here', differs: [], accepted: { 'latency-p50': 10 }, isOneRun: false });
    expect(here?.history['latency-p50']).toEqual(level);
    expect(here?.exact).toMatchObject({ 'file-size': 1000, macs: null });
    const elsewhere = storedBaseline(both, { ...question, fingerprint: 'nowhere' });
    expect(elsewhere?.fingerprint).not.toBe('nowhere');
    expect(elsewhere?.exact['file-size']).toBe(1000);
    expect(storedBaseline(both, { ...question, scenario: 'other', fingerprint: 'here' })).toBeNull();
  });

  it('names conditions that are not the same, whatever the order of dimensions', () => {
    expect(conditionDifferences(conditions, { ...conditions, dims: { batch: 1, seq: 128 } })).toEqual([]);
    const other = { ...conditions, threads: 2, dims: { seq: 64, batch: 1 } };
    expect(conditionDifferences(conditions, other)).toEqual(['threads', 'dims']);
    const baseline = grown(emptyBaseline, level);
    expect(storedBaseline(baseline, { scenario: 'small', conditions: other, fingerprint: 'here' })?.differs).toEqual([
      'threads',
      'dims',
    ]);
  });
});
