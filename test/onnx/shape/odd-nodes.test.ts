import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { oddModels } from './odd-model.ts';

it('says what it knows about any node, however odd, and never fails', () => {
  fc.assert(
    fc.property(oddModels, (model) => {
      const types = inferTypes(model);
      const shapes = model.graph.outputs.flatMap((value) => types.get(value)?.shape ?? []);
      expect(shapes.every((dim) => typeof dim !== 'number' || (Number.isSafeInteger(dim) && dim >= 0))).toBe(true);
    }),
    { numRuns: 20_000, seed: 1 },
  );
});
