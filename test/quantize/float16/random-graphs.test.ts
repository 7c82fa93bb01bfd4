import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { allGraphsOf, readsOf } from '../../../src/onnx/traverse.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { nodeIdentity } from '../../../src/quantize/float16/node-identity.ts';
import { toFloat16 } from '../../../src/quantize/float16/to-float16.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { randomModel } from '../../onnx/random-model.ts';
import { runBoth, sqnrOf } from './float16-case.ts';
import { contradictedTypes } from './model-figures.ts';

/** A rounding before them may be a whole step behind them. */
const jumps = new Set([
  'Floor',
  'Ceil',
  'Round',
  'Sign',
  'ArgMax',
  'ArgMin',
  'TopK',
  'Greater',
  'Less',
  'Equal',
  'NonZero',
]);

const models = fc.record({
  seed: fc.nat(),
  steps: fc.integer({ min: 1, max: 40 }),
  opset: fc.integer({ min: 13, max: 25 }),
  keepIo: fc.boolean(),
  keptShare: fc.constantFrom(0, 0.3, 1),
});

function isSmooth(value: Value, seen = new Set<Node>()): boolean {
  const { producer } = value;
  if (producer === null || seen.has(producer)) return true;
  seen.add(producer);
  if (jumps.has(producer.op) || producer.is('Cast')) return false;
  const inner = producer.subgraphs.flatMap((graph) => [...allGraphsOf(graph)]);
  if (inner.some((graph) => [...graph.nodes()].some(({ op }) => jumps.has(op)))) return false;
  return [...readsOf(producer)].every((read) => isSmooth(read, seen));
}

describe('toFloat16 on random graphs', () => {
  it('loads, has consistent types, stays close, and is done after one call', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(models, async ({ seed, steps, opset, keepIo, keptShare }) => {
        const { model: original, feeds } = randomModel(seed, { steps, opset });
        const random = createRandom(seed, 'kept');
        const graphs = [...allGraphsOf(original.graph)];
        const names = graphs.flatMap((graph) => [...graph.nodes()].map(nodeIdentity));
        const keep = new Set(names.filter(() => random.next() < keptShare));
        const { model, report, expected, found } = await runBoth(original, feeds, { keepIo, keep });
        expect(contradictedTypes(model)).toEqual([]);
        expect(report.keptNodes.every(({ name, reason }) => reason !== 'excluded' || keep.has(name))).toBe(true);
        for (const value of original.graph.outputs) {
          const [x, y] = [expected[value.name], found[value.name]];
          if (x === undefined || y === undefined) throw new Error(`${value.name} is missing`);
          expect(y.dims).toEqual(x.dims);
          if (x.type !== 'float32') continue;
          expect(y.type).toBe(keepIo ? 'float32' : 'float16');
          if (!isSmooth(value) || !(x.data instanceof Float32Array) || x.data.every((item) => item === 0)) continue;
          expect(sqnrOf(x, y)).toBeGreaterThan(keptShare === 1 && keepIo ? 100 : 35);
          compared++;
        }
        if (keep.size > 0) return;
        const again = readModelBytes(encodeModel(model));
        expect(toFloat16(again, { keepIo })).toMatchObject({ casts: 0, clampedConstants: [], float16Nodes: 0 });
        expect(Buffer.compare(encodeModel(again), encodeModel(model))).toBe(0);
      }),
      { seed: 1, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
