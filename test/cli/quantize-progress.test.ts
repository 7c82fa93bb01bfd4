import { expect, it } from 'vitest';
import type { QuantizeEvent } from '../../src/commands/quantize-event.ts';
import { describeQuantizeEvent, quantizeProgress } from '../../src/cli/quantize-progress.ts';
import type { Io } from '../../src/cli/io.ts';

const events: readonly (readonly [QuantizeEvent, string])[] = [
  [{ kind: 'pass', pass: 'fold-constants', nodes: 12 }, 'fold-constants: 12 nodes'],
  [{ kind: 'calibrating', pass: 1, done: 64, of: 1000 }, 'calibrating: extremes of 64 of 1,000 samples'],
  [{ kind: 'calibrating', pass: 2, done: 1, of: 1 }, 'calibrating: histograms of 1 of 1 sample'],
  [{ kind: 'quantizing', node: '/fc/MatMul', done: 3, of: 24 }, 'quantizing /fc/MatMul: 3 of 24 nodes'],
  [{ kind: 'candidate', name: 'static', index: 2, of: 3 }, 'candidate 2 of 3: static'],
  [{ kind: 'profiling', name: 'static' }, 'profiling static'],
  [{ kind: 'sensitivity', done: 3, of: 24 }, 'trying nodes one by one: 3 of 24 nodes'],
  [{ kind: 'evaluating', name: 'static', done: 64, of: 1000 }, 'evaluating static: 64 of 1,000 samples'],
  [{ kind: 'saving', path: 'out.onnx' }, 'writing out.onnx'],
];

it.each(events)('%j', (event, text) => {
  expect(describeQuantizeEvent(event)).toBe(text);
});

it('draws nothing when quiet', async () => {
  const { onEvent, stop } = await quantizeProgress({ stderr: { isTTY: true } } as unknown as Io, true);
  for (const [event] of events) onEvent(event);
  expect(stop()).toBeUndefined();
});
