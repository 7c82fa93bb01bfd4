import { describe, expect, it } from 'vitest';
import { blockLocks } from '../../src/prune/depth/residual-block.ts';
import { lockReasons } from '../../src/prune/groups/prune-group.ts';
import type { PruneWarning } from '../../src/prune/prune-warning.ts';
import { blockLockText, lockReasonText } from '../../src/report/messages/lock-reasons.ts';
import { describeFinding } from '../../src/report/messages/message.ts';

const warnings: { readonly [W in PruneWarning as W['code']]: W['details'] } = {
  'quality-unknown': { compared: false },
  'not-reconstructed': {},
  'no-gradient': { groups: ['/conv/Conv'] },
  'not-distilled': { epochs: 4 },
  undecided: { goals: ['max-drop', 'faster'] },
  'size-only': { pattern: '2:4' },
  'not-refitted': { nodes: ['/conv/Conv', '/fc/Gemm'], problem: 'not-finite' },
  'share-rounded': { asked: 0.5, reached: 0.47, roundTo: 16 },
  'candidate-failed': { candidate: '50 %', problem: 'no kernel.' },
  'target-out-of-reach': { goal: 'target-latency', limit: '0.6x', closest: '0.71x at 40 % of channels.' },
  'no-room': { maxDrop: '1%', candidates: 12, groups: 1 },
  'mask-differs': { error: 0.00123 },
  'few-samples': { samples: 1, wanted: 128 },
};

describe('prune messages', () => {
  it('has a sentence for every warning and lock', async () => {
    const lines = Object.entries(warnings).map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`);
    const locks = lockReasons.map((reason) => {
      const { cause, cure } = lockReasonText(reason);
      return `${reason}\n  ${cause}${cure === null ? '' : `; ${cure}`}`;
    });
    const blocks = blockLocks.map((lock) => `${lock}\n  ${blockLockText(lock)}`);
    await expect(`${[...lines, ...locks, ...blocks].join('\n')}\n`).toMatchFileSnapshot('golden/prune-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    expect(describeFinding({ code, details })).not.toMatch(/\n|undefined|NaN|\[object|\. |\.$|;;| {2}|\{"/);
  });

  it('names a goal as its flag, however it is told', () => {
    const details = { ...warnings['target-out-of-reach'], goal: '--target-latency' };
    expect(describeFinding({ code: 'target-out-of-reach', details })).toMatch(/^--target-latency 0\.6x is/);
  });

  it('has causes that fit a cell', () => {
    for (const reason of lockReasons) expect(lockReasonText(reason).cause.length).toBeLessThanOrEqual(60);
  });

  it('shows the lock of another version as it is', () => {
    expect(lockReasonText('by-magic')).toEqual({ cause: 'by-magic', cure: null });
    expect(lockReasonText('toString')).toEqual({ cause: 'toString', cure: null });
    expect(blockLockText('toString')).toBe('toString');
  });

  it('names every lock of a model that cannot be pruned, with what could be done', () => {
    const locks = { normalized: '/ln', 'graph-output': 'y' };
    expect(
      describeFinding({
        code: 'nothing-to-prune',
        details: { path: 'm.onnx', wanted: ['channels', 'neurons'], locks },
      }),
    ).toMatch(
      /^m\.onnx has no channels or neurons that can be pruned \('\/ln': a norm over the units, allow it with --width; 'y': an output of the model/,
    );
    expect(
      describeFinding({ code: 'nothing-to-prune', details: { path: 'm.onnx', wanted: ['heads'], locks: {} } }),
    ).toMatch(/^m\.onnx has no heads that can be pruned; /);
  });
});
