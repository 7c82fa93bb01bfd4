import { describe, expect, it } from 'vitest';
import { describeGateEvent, gateProgress, gateRemarks } from '../../src/cli/gate-progress.ts';
import type { GateProgressEvent } from '../../src/cli/gate-progress.ts';
import type { Io } from '../../src/cli/io.ts';
import { passedCase } from '../report/gate-cases.ts';

const cells = passedCase().cells.map((cell) => ({ ...cell, verdict: 'pass' as const }));
const [first] = cells;
const open = first === undefined ? [] : [{ ...first, verdict: 'inconclusive' as const }, ...cells];

const waiting = { kind: 'waiting', pid: 4711, since: '2026-11-28T12:00:00.000Z', folder: '/repo' } as const;
const planned = {
  kind: 'planned',
  estimatedMs: 170_000,
  budgetMs: 180_000,
  scenarios: [
    {
      scenario: 'small',
      pairs: 24,
      looks: [12, 18, 24],
      cells: [
        { metric: 'latency-p50', against: 'change', tolerance: 0.05, detectable: 0.083 },
        { metric: 'peak-memory', against: 'change', tolerance: 0.05, detectable: null },
        { metric: 'latency-p99', against: 'budget', tolerance: null, detectable: null },
      ],
    },
    { scenario: 'large', pairs: 1, looks: [1], cells: [] },
  ],
} as const;

const events: readonly (readonly [GateProgressEvent, string | null])[] = [
  [waiting, 'waiting for the gate of process 4711'],
  [{ kind: 'resolving', scenario: 's', ref: 'git:main:m.onnx' }, 's: reading git:main:m.onnx'],
  [{ kind: 'inspecting', scenario: 's', arm: 'base' }, 's: counting what the base is made of'],
  [{ kind: 'evaluating', scenario: 's', done: 64, of: 1000 }, 's: judging quality, 64 of 1,000 samples'],
  [{ kind: 'probing', scenario: 's', arm: 'head' }, 's: trying the head'],
  [{ kind: 'pilot', pairs: 5, blocks: 10 }, 'finding out how noisy it is here: 10 blocks'],
  [
    { kind: 'block', scenario: 's', arm: 'head', pair: 4, batch: 'main', done: 9, of: 48 },
    'block 10 of 48: s, head of pair 5',
  ],
  [
    { kind: 'block', scenario: 's', arm: 'base', pair: 0, batch: 'confirm', done: 0, of: 48 },
    'repeating a fail, block 1 of 48: s, base of pair 1',
  ],
  [{ kind: 'look', look: 1, of: 3, cells: open }, 'look 1 of 3: 1 metric still open'],
  [{ kind: 'look', look: 2, of: 3, cells }, 'look 2 of 3: every metric has its verdict'],
  [{ kind: 'confirming', scenarios: ['s', 't'], pairs: 24 }, 'repeating the fails of s, t: 24 pairs'],
  [{ kind: 'resumed', path: '.infer/gate.jsonl', blocks: 12 }, null],
  [planned, null],
];

it.each(events)('%j', (event, text) => {
  expect(describeGateEvent(event)).toBe(text);
});

describe('what stays on the screen', () => {
  it('is what the gate will be able to tell, before it runs', () => {
    expect(gateRemarks(planned)).toEqual([
      '2 scenarios: about 2 min 50 s of the budget of 3 min',
      '  small: 24 pairs in 3 looks; smallest change for the worse that shows: latency-p50 8.3 % (tolerance 5.0 %), peak-memory none in this budget',
      '  large: 1 pair in 1 look',
    ]);
    expect(gateRemarks({ ...planned, estimatedMs: 240_000 })[0]).toBe(
      '2 scenarios: about 4 min, more than the budget of 3 min',
    );
    expect(gateRemarks({ ...planned, scenarios: [] })).toEqual([]);
  });

  it('is whom it waits for, and what it goes on with', () => {
    expect(gateRemarks(waiting)).toEqual([
      'waiting for another gate on this machine: process 4711 in /repo, since 2026-11-28T12:00:00.000Z',
    ]);
    expect(gateRemarks({ kind: 'resumed', path: 'g.jsonl', blocks: 1 })).toEqual(['going on with 1 block of g.jsonl']);
    expect(gateRemarks({ kind: 'pilot', pairs: 5, blocks: 10 })).toEqual([]);
  });

  it('is nothing when quiet, and all there is in a log', async () => {
    let text = '';
    const stderr = { write: (part: string) => (text += part) };
    const io = { stderr, env: {} } as unknown as Io;
    const quiet = await gateProgress(io, true);
    for (const [event] of events) quiet.onEvent(event);
    quiet.stop();
    expect(text).toBe('');
    const progress = await gateProgress(io, false);
    for (const [event] of events) progress.onEvent(event);
    progress.stop();
    expect(text.split('\n')).toHaveLength(6);
  });
});
