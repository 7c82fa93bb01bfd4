import { describe, expect, it } from 'vitest';
import type { QuantizeWarning } from '../../src/quantize/quantize-warning.ts';
import { floatReasons } from '../../src/quantize/vocabulary.ts';
import { floatReasonText } from '../../src/report/messages/float-reasons.ts';
import { describeFinding } from '../../src/report/messages/message.ts';

const warnings: { readonly [W in QuantizeWarning as W['code']]: W['details'] } = {
  'synthetic-calibration': {},
  'quality-unknown': { compared: false },
  'never-executed': { values: ['product', 'sum'], nodes: ['/if/MatMul', '/if/Add'] },
  'constant-activations': { values: ['mask'] },
  undecided: { goals: ['max-drop', 'faster'] },
  'not-fused': { nodes: ['/conv/Conv'] },
  'candidate-failed': { candidate: 'static', problem: 'no kernel.' },
  'range-reduced': {},
  'target-not-measured': { target: 'webgpu' },
  'few-samples': { samples: 8, wanted: 128 },
};

describe('quantize messages', () => {
  it('has a sentence for every warning and reason', async () => {
    const lines = Object.entries(warnings).map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`);
    const reasons = floatReasons.map((reason) => {
      const { cause, cure } = floatReasonText(reason);
      return `${reason}\n  ${cause}${cure === null ? '' : `; ${cure}`}`;
    });
    await expect(`${[...lines, ...reasons].join('\n')}\n`).toMatchFileSnapshot('golden/quantize-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    expect(describeFinding({ code, details })).not.toMatch(/\n|undefined|NaN|\[object|\. |\.$|;;| {2}|\{"/);
  });

  it('has causes that fit a cell', () => {
    for (const reason of floatReasons) expect(floatReasonText(reason).cause.length).toBeLessThanOrEqual(60);
  });

  it('shows the reason of another version as it is', () => {
    expect(floatReasonText('by-magic')).toEqual({ cause: 'by-magic', cure: null });
    expect(floatReasonText('toString')).toEqual({ cause: 'toString', cure: null });
  });
});
