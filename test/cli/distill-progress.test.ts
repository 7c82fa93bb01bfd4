import { describe, expect, it } from 'vitest';
import { describeDistillEvent } from '../../src/cli/distill-progress.ts';

const step = { kind: 'step', epoch: 2, epochs: 10, step: 130, steps: 1120, loss: 3.4567, leftMs: 63_400 } as const;

describe('what is going on, in a line', () => {
  it.each([
    [{ kind: 'preparing', batch: 64 }, 'writing a training step for 64 samples'],
    [step, 'epoch 2 of 10, step 130 of 1120: loss 3.46, about 63.4 s left'],
    [{ ...step, step: 1120 }, 'epoch 2 of 10, step 1120 of 1120: loss 3.46'],
    [{ kind: 'evaluating', epoch: 2 }, 'epoch 2: judging the student on the held-out samples'],
    [{ kind: 'saving', path: 'out.onnx' }, 'writing out.onnx'],
  ] as const)('%o', (event, text) => {
    expect(describeDistillEvent(event)).toBe(text);
  });
});
