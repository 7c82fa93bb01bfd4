import { describe, expect, it } from 'vitest';
import type { CellReasonDetails } from '../../src/gate/cell-reason.ts';
import { untoldCauses } from '../../src/gate/cell-reason.ts';
import type { GateWarningDetails } from '../../src/gate/gate-warning.ts';
import { describeGateWarning } from '../../src/report/messages/gate-messages.ts';
import { changeOf, gateReasons } from '../../src/report/messages/gate-reasons.ts';
import { sentenceFrom } from '../../src/report/messages/sentence-from.ts';
import { formatMs } from '../../src/report/units.ts';

/** Several of a code where its sentence has several forms. */
const reasons: { readonly [C in keyof CellReasonDetails]: readonly CellReasonDetails[C][] } = {
  'within-tolerance': [{ worst: 1.031, limit: 1.1 }],
  'beyond-tolerance': [
    { ratio: 1.131, limit: 1.05, adjustedP: 0.0012, alpha: 0.0033, confirmed: false },
    { ratio: 0.8, limit: 0.952, adjustedP: 0.00000095, alpha: 0.01, confirmed: true },
  ],
  'below-floor': [{ difference: 0.02, floor: 0.05 }],
  'too-noisy': [
    { best: 0.98, worst: 1.19, limit: 1.1 },
    { best: null, worst: null, limit: 1.1 },
  ],
  'too-few-pairs': [{ pairs: 5, needed: 9 }],
  'not-confirmed': [
    { adjustedP: 0.001, confirmP: 0.21, alpha: 0.01 },
    { adjustedP: 0.001, confirmP: null, alpha: 0.01 },
  ],
  'within-prediction': [{ value: 12.1, limit: 13, runs: 12 }],
  'beyond-prediction': [{ value: 14.1, limit: 13, runs: 12, adjustedP: 0.001, alpha: 0.01 }],
  'history-too-wide': [{ value: 14.1, limit: 19, runs: 12 }],
  'history-too-short': [
    { runs: 1, needed: 8 },
    { runs: 3, needed: 8 },
  ],
  'other-machine': [
    { base: 'ffff0000111122223333', head: '9f2c41d07ab35e68' },
    { base: null, head: '9f2c41d07ab35e68' },
  ],
  'other-conditions': [{ differs: ['threads 4, here 2', 'batch 1, here 4'] }],
  'not-worse': [{ change: 0 }, { change: -3 }],
  'within-exact-tolerance': [{ change: 3, allowed: 5 }],
  worse: [
    { change: 3, allowed: 0 },
    { change: 3, allowed: 2 },
  ],
  untold: [...untoldCauses.map((cause) => ({ side: 'head', cause }) as const), { side: 'both', cause: 'unknown-macs' }],
  'budget-kept': [{ worst: 19.1, budget: 20 }],
  'budget-broken': [
    { value: 20.4, budget: 20, adjustedP: 0.0001, alpha: 0.01 },
    { value: 20.4, budget: 20, adjustedP: null, alpha: null },
  ],
  'budget-undecided': [
    { low: 19.1, high: 21, budget: 20 },
    { low: null, high: null, budget: 20 },
  ],
  'too-few-runs': [{ runs: 200, effective: 81.7, needed: 299 }],
  'outputs-equal': [
    { maxAbs: 0, maxRel: 0 },
    { maxAbs: 0.0001, maxRel: 0.002 },
    { maxAbs: null, maxRel: null },
  ],
  'outputs-differ': [
    { output: 'logits', maxAbs: 0.31, maxRel: 2.4 },
    { output: 'logits', maxAbs: Number.MAX_VALUE, maxRel: Number.MAX_VALUE },
  ],
  'outputs-not-finite': [{ output: 'logits' }],
  'outputs-unlike': [{ output: 'logits', base: 'float32[4, 10]', head: 'float32[4, 11]' }],
  'inputs-unlike': [{ input: 'x', base: 'float32[4, 3]', head: 'float32[4, 4]' }],
  'quality-kept': [{ drop: 1, high: 2, threshold: 3, of: 'accuracy' }],
  'quality-dropped': [
    { drop: 5, low: 4, threshold: 3, of: 'argmax-agreement' },
    { drop: null, low: null, threshold: 3, of: 'relative-error' },
  ],
  'quality-undecided': [
    { drop: 2, high: 4, threshold: 3, of: 'accuracy', samplesToDecide: 3400 },
    { drop: 2, high: null, threshold: 3, of: 'accuracy', samplesToDecide: null },
  ],
  'quality-untold': [{ of: null }, { of: 'accuracy' }],
  'no-base': [{}],
  'not-measured': [{}],
  interrupted: [{}],
  'head-failed': [{ failure: 'run-failed' }],
  'base-failed': [{ failure: 'session-failed' }],
};

const warnings: { readonly [C in keyof GateWarningDetails]: GateWarningDetails[C] } = {
  'waiver-expired': {
    scenario: 'a',
    metric: 'macs',
    until: '2025-01-31',
    reason: 'a spike.',
    link: 'https://example.org/7',
  },
  'same-model': { scenario: 'a' },
  'model-uncommitted': { scenario: 'a', side: 'base', path: 'm.onnx' },
  'noisy-machine': { dirtyBlocks: 3, blocks: 40, rules: ['stalled', 'steal'] },
  'budget-too-short': { scenario: 'a', pairs: 4, needed: 9, cells: 3, neededMs: 95_000 },
  'coarse-gate': { scenario: 'a', metric: 'latency-p50', tolerance: 0.05, detectable: 0.14 },
  'threads-over-cores': { scenario: 'a', threads: 4, instances: 2, cores: 4 },
  'dimension-guessed': { scenario: 'a', dimension: 'seq', value: 128 },
  'inputs-guessed': { scenario: 'a', input: 'mask', values: 'ones' },
  resumed: { path: '.infer/gate.jsonl', blocks: 12 },
  'other-machine': { scenario: 'a', base: null, head: '9f2c41d07ab35e68' },
  'baseline-updated': { path: 'baseline.json', reason: 'a new opset', metrics: 6 },
  'baseline-kept': { path: 'baseline.json', because: 'interrupted' },
  'baseline-drifted': { scenario: 'a', metric: 'latency-p50', accepted: 12.1, now: 13.4 },
  'base-of-one-run': { scenario: 'a', blocks: 6 },
};

const write = { figure: formatMs, limit: (value: number) => `${value} ms` };

const ofReasons = Object.entries(reasons).flatMap(([code, several]) =>
  several.map((details): [string, string] => [code, sentenceFrom(gateReasons, { code, details }, write) ?? 'null']),
);
const ofWarnings = Object.entries(warnings).map(([code, details]): [string, string] => [
  code,
  describeGateWarning({ code, details }),
]);
const all = [...ofReasons, ...ofWarnings];

describe('gate messages', () => {
  it('has a sentence for every reason and warning', async () => {
    const text = all.map(([code, sentence]) => `${code}\n  ${sentence}\n`).join('');
    await expect(text).toMatchFileSnapshot('golden/gate-messages.txt');
  });

  it.each(all)('%s is one clean line: %s', (_, sentence) => {
    expect(sentence).not.toMatch(/\n|undefined|null|NaN[^ ]|\[object|\. |\.$|;;| {2}|\{"/);
  });

  it('tells its own sentence of a code that others have too, and those of others', () => {
    const noisy = { code: 'noisy-machine', details: warnings['noisy-machine'] };
    expect(describeGateWarning(noisy)).toContain('3 of 40 blocks (stalled, steal)');
    const skipped = { code: 'provider-skipped', details: { ep: 'cuda', reason: 'no driver', cure: 'install one' } };
    expect(describeGateWarning(skipped)).toContain('no driver');
  });

  it.each([
    [1, '±0.0 %'],
    [1.0004, '±0.0 %'],
    [0.9994, '−0.1 %'],
    [1.052, '+5.2 %'],
    [2.4, '+140 %'],
  ])('a ratio of %d is a change of %s', (ratio, text) => expect(changeOf(ratio)).toBe(text));
});
