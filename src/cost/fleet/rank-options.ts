import type { CostOption } from '../cost-result.ts';
import { serves } from '../whatif/cheapest-option.ts';

/**
 * Those that serve the load and meet the objective come first, each part by cost; of equal costs the soonest answer. Times
 * carried between processors and accelerators may be off by a factor of four either way: they come behind all others that
 * serve, however cheap they seem.
 */
export function rankOptions(options: readonly CostOption[]): readonly CostOption[] {
  return options.toSorted(
    (first, second) =>
      Number(serves(second)) - Number(serves(first)) ||
      Number(isFar(first)) - Number(isFar(second)) ||
      first.usdPerMillion.value - second.usdPerMillion.value ||
      latencyOf(first) - latencyOf(second) ||
      first.instance.localeCompare(second.instance, 'en') ||
      first.purchase.localeCompare(second.purchase, 'en') ||
      first.curveIndex - second.curveIndex,
  );
}

function isFar({ projection }: CostOption): boolean {
  return projection?.reach === 'accelerator';
}

/** Any number that is told sorts before none. */
function latencyOf({ latencyMs }: CostOption): number {
  return latencyMs?.objectiveMs.value ?? Number.MAX_VALUE;
}
