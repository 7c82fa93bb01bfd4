import { expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { describePruneEvent, pruneProgress } from '../../src/cli/prune-progress.ts';
import type { PruneEvent } from '../../src/commands/prune-event.ts';

const step = { kind: 'step', epoch: 2, epochs: 10, step: 130, steps: 1120, loss: 3.4567, leftMs: 63_400 } as const;

const events: readonly (readonly [PruneEvent, string])[] = [
  [{ kind: 'pass', pass: 'fold-constants', nodes: 12 }, 'fold-constants: 12 nodes'],
  [{ kind: 'grouping' }, 'finding what can only go together'],
  [{ kind: 'scoring', done: 64, of: 1000 }, 'scoring: 64 of 1,000 samples'],
  [{ kind: 'scoring', done: 64, of: 0 }, 'scoring: 64 samples'],
  [{ kind: 'sensitivity', done: 1, of: 24 }, 'trying groups one by one: 1 of 24 trials'],
  [{ kind: 'reconstructing', node: '/fc/Gemm', done: 3, of: 24 }, 'refitting /fc/Gemm: 3 of 24 layers'],
  [{ kind: 'candidate', name: '50 % of channels', index: 2, of: 3 }, 'candidate 2 of 3: 50 % of channels'],
  [{ kind: 'profiling', name: 'the original' }, 'profiling the original'],
  [{ kind: 'evaluating', name: '50 %', done: 64, of: 1000 }, 'evaluating 50 %: 64 of 1,000 samples'],
  [{ kind: 'distilling', event: step }, 'distilling: epoch 2 of 10, step 130 of 1120: loss 3.46, about 63.4 s left'],
  [{ kind: 'saving', path: 'out.onnx' }, 'writing out.onnx'],
];

it.each(events)('%j', (event, text) => {
  expect(describePruneEvent(event)).toBe(text);
});

it('says nothing new between epochs', () => {
  const record = { epoch: 1, trainLoss: 1, heldOutLoss: 1, metric: 1, elapsedMs: 1, rate: 1 };
  const event = { kind: 'epoch', record: { ...record, steps: 1, learningRate: 1 }, epochs: 2, isBest: true } as const;
  expect(describePruneEvent({ kind: 'distilling', event: { ...event, metric: 'accuracy' } })).toBeNull();
});

it('draws nothing when quiet', async () => {
  const { onEvent, stop } = await pruneProgress({ stderr: { isTTY: true } } as unknown as Io, true);
  for (const [event] of events) onEvent(event);
  expect(stop()).toBeUndefined();
});
