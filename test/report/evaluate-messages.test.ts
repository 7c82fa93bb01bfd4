import { describe, expect, it } from 'vitest';
import type { EvaluateWarningDetails } from '../../src/evaluate/evaluate-warning.ts';
import { taskReasons } from '../../src/evaluate/task.ts';
import { reasonText } from '../../src/report/messages/evaluate-messages.ts';
import { describeFinding } from '../../src/report/messages/message.ts';

const warnings: { readonly [C in keyof EvaluateWarningDetails]: EvaluateWarningDetails[C] } = {
  'outputs-not-finite': { model: 'm.onnx', output: 'y', samples: 1, first: 'd.npz[3]' },
  'relative-drop-undefined': { metric: 'spearman', reference: -0.25 },
  'labels-unused': { reason: 'nothing-fits' },
  'samples-without-tokens': { samples: 2 },
  'goal-not-judged': { goal: '--min-sqnr' },
  'outputs-not-compared': { outputs: ['a', 'b'] },
  'goal-undecided': { of: 'accuracy', samples: 1200, samplesToDecide: 34_500, hasInterval: true },
};

describe('evaluate messages', () => {
  it('has a sentence for every warning and reason', async () => {
    const lines = Object.entries(warnings).map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`);
    const reasons = taskReasons.map((reason) => `${reason}\n  ${reasonText(reason)}`);
    await expect(`${[...lines, ...reasons].join('\n')}\n`).toMatchFileSnapshot('golden/evaluate-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    expect(describeFinding({ code, details })).not.toMatch(/\n|undefined|NaN[^ ]|\[object|\. |\.$|;;| {2}|\{"/);
  });

  it('says when no number of samples would do', () => {
    const details = { of: 'accuracy', samples: 200, samplesToDecide: null, hasInterval: true };
    expect(describeFinding({ code: 'goal-undecided', details })).toMatch(/^200 samples are too few .*move the limit$/);
    const alone = { of: 'mse', samples: 1, samplesToDecide: null, hasInterval: false };
    expect(describeFinding({ code: 'goal-undecided', details: alone })).toMatch(
      /^1 sample is too few .*give more data$/,
    );
  });

  it('shows the reason of another version as it is', () => expect(reasonText('by-magic')).toBe('by-magic'));
});
