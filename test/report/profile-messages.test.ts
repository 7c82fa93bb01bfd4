import { describe, expect, it } from 'vitest';
import type { ProfileWarning } from '../../src/profile/profile-warning.ts';
import type { RemedyAdvice } from '../../src/profile/remedy-result.ts';
import { describeFinding } from '../../src/report/messages/message.ts';
import { describeRemedy } from '../../src/report/messages/profile-remedies.ts';

const warnings: { readonly [W in ProfileWarning as W['code']]: W['details'] } = {
  'profile-cut-off': { runs: 3, wanted: 20, eventsPerRun: 48_000 },
  'no-kernels': { ep: 'webgpu' },
  'low-coverage': { coverage: 0.41, writingShare: 0.2 },
  'graph-unreadable': { model: 'm.onnx' },
  'kernels-unattributed': { kernels: 3, share: 0.12 },
  'fell-back': { ep: 'webgpu', provider: 'CPUExecutionProvider', kernels: 1, share: 0.08 },
  'no-roofs': { problem: 'process-crashed' },
  'models-unrelated': { model: 'cnn.onnx', other: 'bert.onnx', pairs: 1, nodes: 12 },
  'few-rounds': { rounds: 2, wanted: 3 },
};

const operators = [
  { op: 'Conv', share: 0.62 },
  { op: 'Gemm', share: 0.081 },
];
const about = { kernels: 14, operators };

const remedies: readonly RemedyAdvice[] = [
  { remedy: 'quantize', share: 0.7, details: { ...about, to: 'int8', integerInstructions: true } },
  { remedy: 'quantize', share: 0.7, details: { ...about, to: 'int8', integerInstructions: false } },
  { remedy: 'quantize', share: 0.7, details: { ...about, to: 'int4', integerInstructions: null } },
  { remedy: 'quantize', share: 0.7, details: { ...about, kernels: 1, to: 'float16', integerInstructions: null } },
  { remedy: 'prune', share: 0.7, details: about },
  { remedy: 'batch', share: 0.5, details: { batch: 1, overheadShare: 0.4, weightShare: 0.1 } },
  { remedy: 'fewer-threads', share: 0.33, details: { threads: 8 } },
  { remedy: 'more-threads', share: 0.8, details: { threads: 1, usableCores: 4 } },
  {
    remedy: 'other-provider',
    share: 0.5,
    details: { ...about, reason: 'fallback', copyShare: 0.2, providers: ['cpu', 'cuda'] },
  },
  { remedy: 'other-provider', share: 0.5, details: { ...about, reason: 'arithmetic', copyShare: 0, providers: [] } },
  { remedy: 'optimize', share: 1, details: { ...about, reason: 'level', level: 'basic' } },
  { remedy: 'optimize', share: 0.15, details: { ...about, reason: 'moves', level: 'all' } },
];

const clean = /\n|undefined|null|NaN|\[object|\. |\.$|;;| {2}|\{"/;

describe('messages of profiles', () => {
  it('are a sentence for every warning and remedy', async () => {
    const told = Object.entries(warnings).map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`);
    const advised = remedies.map(describeRemedy).map(({ title, text }) => `${title}\n  ${text}`);
    await expect(`${[...told, ...advised].join('\n')}\n`).toMatchFileSnapshot('golden/profile-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    expect(describeFinding({ code, details })).not.toMatch(clean);
  });

  it.each(remedies)('$remedy is one clean line', (advice) => {
    expect(describeRemedy(advice).text).not.toMatch(clean);
  });

  it('count one', () => {
    const text = (code: string, details: Record<string, unknown>) => describeFinding({ code, details });
    expect(text('kernels-unattributed', { kernels: 1, share: 0.1 })).toMatch(/it goes by its own name$/);
    expect(text('models-unrelated', { ...warnings['models-unrelated'], pairs: 0 })).toContain('none has a counterpart');
    expect(text('few-rounds', { rounds: 1, wanted: 3 })).toContain('1 round of the 3 that intervals need was');
  });
});
