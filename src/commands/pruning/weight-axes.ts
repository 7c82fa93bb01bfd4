import type { Model } from '../../onnx/model.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { PruneGroup, WeightPlace } from '../../prune/groups/prune-group.ts';
import type { UnitAxis } from '../../prune/numeric/axis-sums.ts';
import { groupNormScores } from '../../prune/numeric/unit-scores.ts';

/** Constants along the axes that carry units. */
export class WeightAxes {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(model: Model) {
    this.#values = new Map([...valuesOf(model.graph)].map((value) => [value.name, value]));
  }

  /** Group L2: what is left to go by where nothing is known of what is read. */
  normOf(group: PruneGroup): Float64Array {
    const members = [...group.producers, ...group.consumers, ...group.followers];
    return groupNormScores(this.of(group, members), group.units);
  }

  of(group: PruneGroup, places: readonly WeightPlace[]): readonly UnitAxis[] {
    return places.flatMap(({ weight, axis }) => {
      const tensor = this.#values.get(weight)?.constant ?? null;
      const units = unitsAlong(group, weight, axis);
      return tensor === null || units === null ? [] : [{ data: numbersOf(tensor), dims: tensor.dims, axis, units }];
    });
  }
}

/** The unit of each index along an axis; null where the group has none there. */
export function unitsAlong({ places }: PruneGroup, value: string, axis: number): Int32Array | null {
  return places.find((place) => place.value === value && place.axis === axis)?.units ?? null;
}
