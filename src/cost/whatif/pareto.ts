/** A model as it is weighed: what it costs, and how good it is where an evaluation told. */
export interface Weighed {
  /** Null where nothing serves it. */
  readonly usdPerMillion: number | null;
  readonly accuracy: { readonly metric: string; readonly higherIsBetter: boolean; readonly value: number } | null;
}

/**
 * Whether nothing is both cheaper and better, or one of them and in the other alike. By the point estimates: what their
 * intervals leave open shows beside them.
 *
 * @returns for each model; null where it has no cost or no accuracy, or others have another metric
 */
export function paretoMarks(models: readonly Weighed[]): readonly (boolean | null)[] {
  const known = models.filter((model) => model.usdPerMillion !== null && model.accuracy !== null);
  const metrics = new Set(known.map(({ accuracy }) => accuracy?.metric));
  return models.map((model) => {
    const place = placeOf(model);
    if (place === null || metrics.size > 1) return null;
    return !known.some((other) => beats(placeOf(other), place));
  });
}

interface Place {
  readonly usd: number;
  /** The less, the better. */
  readonly loss: number;
}

function placeOf({ usdPerMillion, accuracy }: Weighed): Place | null {
  if (usdPerMillion === null || accuracy === null) return null;
  return { usd: usdPerMillion, loss: accuracy.higherIsBetter ? -accuracy.value : accuracy.value };
}

function beats(other: Place | null, one: Place): boolean {
  if (other === null || other.usd > one.usd || other.loss > one.loss) return false;
  return other.usd < one.usd || other.loss < one.loss;
}
