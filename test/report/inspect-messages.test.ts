import { describe, expect, it } from 'vitest';
import type { InspectWarningDetails } from '../../src/inspect/inspect-warning.ts';
import type { PruningObstacle } from '../../src/inspect/pruning-obstacle.ts';
import type { QuantizationObstacle } from '../../src/inspect/suitability.ts';
import { describeObstacle } from '../../src/report/messages/inspect-messages.ts';
import { describeFinding } from '../../src/report/messages/message.ts';

const warnings: { readonly [C in keyof InspectWarningDetails]: InspectWarningDetails[C] } = {
  'opset-too-old': { version: 6, oldest: 7 },
  'opset-too-new': { version: 99, newest: 26 },
  'ir-version-too-new': { version: 99, newest: 13 },
  'opset-below-quantization': { version: 11, needed: 13 },
  'slow-type': { type: 'float64', tensors: 1, bytes: 4096 },
  'external-data': { files: ['model.data'], bytes: 2 ** 30 },
  'nodes-unsorted': { graphs: 1 },
  'initializers-as-inputs': { count: 8, irVersion: 3 },
  'domain-not-imported': { domain: 'com.microsoft', nodes: 1 },
  'custom-operators': { domain: 'my.ops', operators: ['Fold', 'Spin'], nodes: 12 },
  'dimensions-open': { dimensions: ['batch', 'x#1'] },
  'macs-incomplete': { nodes: 1203, shape: 1200, tripCount: 2, operator: 1 },
  'peak-incomplete': { values: 1 },
  'duplicates-skipped': { bytes: 2 ** 27 },
};

const quantization: Readonly<Record<QuantizationObstacle, true>> = {
  'weight-not-constant': true,
  'already-quantized': true,
  'weight-type': true,
  'too-small': true,
  depthwise: true,
  'no-integer-kernel': true,
  'in-control-flow': true,
  'no-weight': true,
};

const pruning: Readonly<Record<PruningObstacle, true>> = {
  'no-channels': true,
  'weight-not-constant': true,
  'in-control-flow': true,
  grouped: true,
  'graph-output': true,
  'tied-to-others': true,
  'feeds-other-operator': true,
};

const cleanLine = /\n|undefined|NaN|\[object|\. |[^.]\.$|;;| {2}/;
const obstacles = [
  ...Object.keys(quantization).map((code) => ['quantization', code] as const),
  ...Object.keys(pruning).map((code) => ['pruning', code] as const),
];

describe('messages of inspect', () => {
  it('has a sentence for every warning and obstacle', async () => {
    const lines = [
      ...Object.entries(warnings).map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`),
      ...obstacles.map(([rewrite, code]) => `${rewrite} ${code}\n  ${describeObstacle(rewrite, code)}`),
    ];
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/inspect-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    const sentence = describeFinding({ code, details });
    expect(sentence).not.toMatch(cleanLine);
    expect(sentence).not.toContain('{"');
  });

  it.each(obstacles)('%s: %s is one clean line', (rewrite, code) => {
    expect(describeObstacle(rewrite, code)).not.toMatch(cleanLine);
    expect(describeObstacle(rewrite, code)).not.toBe(code);
  });

  it('shows an obstacle of another version as it is', () => {
    expect(describeObstacle('pruning', 'toString')).toBe('toString');
  });

  it('says only what is so', () => {
    const details = { ...warnings['initializers-as-inputs'], irVersion: 8, count: 1 };
    expect(describeFinding({ code: 'initializers-as-inputs', details })).toMatch(/^1 constant is .*override/);
    const unknown = { nodes: 1, shape: 0, tripCount: 1, operator: 0 };
    expect(describeFinding({ code: 'macs-incomplete', details: unknown })).toMatch(/infer bench$/);
  });
});
