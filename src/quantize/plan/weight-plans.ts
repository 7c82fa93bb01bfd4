import type { CandidatePlan } from './candidate-plan.ts';
import type { QuantizableLayer } from './find-layers.ts';

type Treatments = CandidatePlan['treatments'];

export interface BlocksPlanOptions {
  readonly layers: readonly QuantizableLayer[];
  /** Tables that Gather reads, too. */
  readonly embeddings: boolean;
}

/** Products, and tables where wanted, by blocks of few bits. */
export function blocksPlan(name: string, { layers, embeddings }: BlocksPlanOptions): CandidatePlan {
  const isWanted = ({ kind, reason }: QuantizableLayer) =>
    reason === null && (kind === 'product' || (embeddings && kind === 'embedding'));
  const treatments: Treatments = new Map(layers.filter(isWanted).map(({ key }) => [key, 'blocks']));
  return { name, treatments };
}

/** Every weight as int8, for its size alone. Tables go by blocks: dequantized whole, they would cost time at each run. */
export function int8WeightsPlan(layers: readonly QuantizableLayer[]): CandidatePlan {
  const treatments: Treatments = new Map(
    layers.flatMap(({ key, kind, reason }) =>
      reason === null ? [[key, kind === 'embedding' ? 'blocks' : 'weights'] as const] : [],
    ),
  );
  return { name: 'int8 weights', treatments };
}
