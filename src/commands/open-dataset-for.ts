import type { Dataset } from '../data/dataset.ts';
import type { PairUse } from '../data/dataset-options.ts';
import { openDataset } from '../data/open-dataset.ts';
import type { Preprocess } from '../data/preprocess.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import type { BoundLengths } from './bound-lengths.ts';
import { checkScorable } from './check-scorable.ts';
import { chooseBatch } from './choose-batch.ts';
import type { FedModel } from './fed-model.ts';
import { jointInputs, withLengths } from './joint-inputs.ts';
import type { ModelPair } from './model-pair.ts';
import { withInputHint } from './with-input-hint.ts';

/** What a user says of a dataset. */
export interface DatasetWishes {
  readonly dataPath: string;
  /** Inputs that are given otherwise; only the names count here. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly preprocess: Preprocess | null;
  readonly tokenizer: string | null;
  readonly pairs: PairUse;
}

/** Opens data as a model, or two, take them. Throws UsageError and DataError. */
export async function openDatasetFor(
  models: ModelPair<FedModel>,
  { dataPath, values, preprocess, tokenizer, pairs }: DatasetWishes,
  { dims }: BoundLengths,
): Promise<Dataset> {
  const { inputs, batchAxis } = withLengths(jointInputs(models), dims);
  const { outputs } = models.model.signature;
  const given = new Set(Object.keys(values));
  const workplace = thisWorkplace();
  return withInputHint(inputs, () =>
    openDataset(dataPath, { inputs, outputs, batchAxis, given, preprocess, tokenizer, pairs, workplace }),
  );
}

interface Settling {
  readonly asked: number | null;
  readonly models: ModelPair<FedModel>;
}

/** One sample tells how large a batch may be, and whether there is anything to score. */
export async function settleBatch(dataset: Dataset, chosen: Uint32Array, { asked, models }: Settling): Promise<number> {
  const first = await dataset.read([...chosen.subarray(0, 1)]);
  checkScorable(first, { hasLabels: dataset.hasLabels, hasReference: models.reference !== null });
  return chooseBatch(dataset, { asked, signature: models.model.signature, oneSample: first.feeds });
}
