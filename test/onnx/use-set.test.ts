import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { UseSet } from '../../src/onnx/use-set.ts';
import { present } from './present.ts';

describe('UseSet', () => {
  it('behaves as a Set does', () => {
    const g = new GraphBuilder();
    const node = present(g.op('Relu', [g.input('x', 'float32', [1])]).producer);
    const uses = Array.from({ length: 4 }, (_, index) => ({ node, index }));
    const commands = fc.array(fc.record({ use: fc.constantFrom(...uses), adds: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(commands, (sequence) => {
        const [tested, model] = [new UseSet(), new Set<(typeof uses)[number]>()];
        for (const { use, adds } of sequence) {
          for (const set of [tested, model]) if (adds) set.add(use);
          for (const set of [tested, model]) if (!adds) set.delete(use);
          expect([tested.size, ...tested]).toEqual([model.size, ...model]);
          expect(uses.map((one) => tested.has(one))).toEqual(uses.map((one) => model.has(one)));
        }
      }),
      { seed: 1 },
    );
  });
});
