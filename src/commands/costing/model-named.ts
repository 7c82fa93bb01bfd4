import { namedModels } from '../../cost/whatif/named-models.ts';
import type { CalledModel } from '../../cost/whatif/named-models.ts';
import { UsageError } from '../../errors.ts';

/** A model as a flag calls it. Throws UsageError `cost-model-unclear` where none or several are meant. */
export function modelNamed(value: string, models: readonly CalledModel[], flag: string): number {
  const [found, ...others] = namedModels(value, models);
  if (found !== undefined && others.length === 0) return found;
  const matches = (found === undefined ? [] : [found, ...others]).flatMap((index) => models[index]?.path ?? []);
  throw new UsageError('cost-model-unclear', { flag, value, matches, known: models.map(({ label }) => label) });
}
