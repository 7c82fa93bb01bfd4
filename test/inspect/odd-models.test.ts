import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import { inspectResultSchema } from '../../src/inspect/inspect-result.ts';
import { oddModels } from '../onnx/shape/odd-model.ts';

/** What the command adds is not there. */
const schema = inspectResultSchema.omit({
  schemaVersion: true,
  tool: true,
  createdAt: true,
  command: true,
  environment: true,
  kind: true,
  verification: true,
});

it('inspects any model of one node, however odd, into what the schema reads', () => {
  fc.assert(
    fc.property(oddModels, (model) => {
      const inspection = inspectModel(model, { dims: { n: 3 } });
      expect(schema.parse(inspection)).toEqual(inspection);
    }),
    { numRuns: 2000, seed: 2 },
  );
});
