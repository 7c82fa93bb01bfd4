import type { DenseTensor, NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import type { OptimizationLevel } from '../../runtime/runtime.ts';
import type { EditedModels } from '../load-edited.ts';
import { loadEdited } from '../load-edited.ts';
import type { SiteInputs } from './trial-model.ts';
import { trialModel } from './trial-model.ts';
import type { SiteSetting, TrialSite } from './trial-site.ts';

export interface TrialModels extends EditedModels {
  /** `disabled` unless given: only then is a run with nothing on bit for bit what the original gives. */
  readonly optimization?: OptimizationLevel;
}

/** A model in memory whose sites can be quantized in any combination, each by one run. */
export interface Trials {
  /**
   * Runs with these sites on and all others off; `outputs` are those to return, all unless given. Throws RangeError
   * for a key that is no site's and a setting that does not fit its site, RuntimeError as `LoadedModel.run` does.
   */
  run(
    feeds: NamedTensors,
    active: ReadonlyMap<string, SiteSetting>,
    outputs?: readonly string[],
  ): Promise<NamedTensors>;
  /** Gives its memory back. Never throws. */
  release(): Promise<void>;
}

/**
 * Loads a copy of a model with a switch at every site. Rounding is computed at sites that are off as well, and constants
 * behind a switch cannot be packed: a run takes somewhat longer than the original's. Throws RangeError for sites that do
 * not fit the model or share a key, and as loadEdited does.
 */
export async function openTrials(
  model: Model,
  sites: readonly TrialSite[],
  { optimization = 'disabled', ...models }: TrialModels,
): Promise<Trials> {
  const trial = trialModel(model, sites);
  const inputs = new Map(trial.inputs.map((each) => [each.site.key, each]));
  if (inputs.size < sites.length) throw new RangeError('two sites have one key');
  const loaded = await loadEdited(trial.model, models, { optimization });
  await keepOff(loaded, trial.inputs);
  return {
    run: async (feeds, active, outputs) => {
      const settings = [...active].map(([key, setting]) => settingOf(inputs.get(key), key, setting));
      return loaded.run(Object.assign({}, feeds, ...settings), outputs);
    },
    release: () => loaded.release(),
  };
}

/** What stays in the process and feeds every run: off, with parameters that any value can be rounded by. */
async function keepOff(loaded: LoadedModel, inputs: readonly SiteInputs[]): Promise<void> {
  const off = inputs.map((each) => feedsOf(each, { on: false, scale: 1, zeroPoint: 0 }));
  await loaded.keep(Object.assign({}, ...off));
}

function settingOf(inputs: SiteInputs | undefined, key: string, setting: SiteSetting): NamedTensors {
  if (inputs === undefined) throw new RangeError(`there is no site '${key}'`);
  if (setting === true) {
    if (inputs.parameters !== null) throw new RangeError(`site '${key}' needs a scale and a zero point`);
    return feedsOf(inputs, { on: true, scale: 1, zeroPoint: 0 });
  }
  if (inputs.parameters === null) throw new RangeError(`site '${key}' takes no scale`);
  return feedsOf(inputs, { on: true, ...setting });
}

interface Switched {
  readonly on: boolean;
  readonly scale: number;
  readonly zeroPoint: number;
}

function feedsOf({ site, flag, parameters }: SiteInputs, { on, scale, zeroPoint }: Switched): NamedTensors {
  const tensors: Record<string, DenseTensor> = {
    [flag]: { type: 'bool', dims: [], data: Uint8Array.of(on ? 1 : 0) },
  };
  if (parameters === null || site.kind !== 'activation') return tensors;
  const { type } = site;
  tensors[parameters.scale] = { type: 'float32', dims: [], data: Float32Array.of(scale) };
  const data = type === 'int8' ? Int8Array.of(zeroPoint) : Uint8Array.of(zeroPoint);
  tensors[parameters.zeroPoint] = { type, dims: [], data };
  return tensors;
}
