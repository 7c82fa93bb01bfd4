import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { LoadOptions } from '../../runtime/model-runner.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import type { Tap } from '../calibration/tap-model.ts';
import { runTaps } from '../calibration/tap-runs.ts';
import type { EditedModels } from '../load-edited.ts';
import { CarriedSums } from './carried-sums.ts';
import { IndexMath } from './index-math.ts';
import type { JoinedModels, ModelPair } from './join-models.ts';
import { joinModels } from './join-models.ts';
import type { SummedLayer } from './layer-passes.ts';
import { layerRows } from './layer-rows.ts';
import type { LayerRecord } from './layer-sums.ts';
import { layerTap } from './layer-taps.ts';
import { optimizingRunner } from './optimizing-runner.ts';
import { drawCount, drawsOf } from './sampled-places.ts';
import { valueNamed } from './value-named.ts';

/** Runs whose sums are added in float32, before they are added up in float64. */
const runsBetweenDrains = 32;

export interface LayerPassData extends EditedModels, ModelPair {
  /** The inputs of each run, the same ones each time it is called: once a pass. */
  readonly batches: () => AsyncIterable<NamedTensors>;
  /** Chooses positions and rows. */
  readonly seed: number;
  /** Positions of a convolution's output for each sample, 12 unless given (He et al. 2017 take 10). */
  readonly positions?: number;
  /** Rows of a Gemm or MatMul for each run, 4096 unless given. */
  readonly mostRows?: number;
  /** `all` unless given: what the models are to run as. */
  readonly optimization?: LoadOptions['optimization'];
  /** Ends the work between two runs with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface LayerPass {
  readonly layers: readonly SummedLayer[];
  readonly records: ReadonlyMap<string, LayerRecord>;
  readonly done: (runs: number) => void;
}

/** Adds what one pass over the data says to the records of its layers. Returns the nodes that the runtime refused. */
export async function runLayerPass(
  options: LayerPassData,
  { layers, records, done }: LayerPass,
): Promise<readonly string[]> {
  const joined = joinModels(
    options,
    layers.map(({ node }) => node),
  );
  const { graph } = joined.model;
  const draws = graph.addInput(graph.names.unique('draws'), tensorType('float32', [drawCount])).name;
  const places = layersByTarget(layers, joined);
  const carried = new CarriedSums();
  const { refused } = await runTaps(
    {
      ...options,
      model: joined.model,
      runner: optimizingRunner(options.runner, options.optimization ?? 'all'),
      batches: () => withDraws(options, draws),
    },
    {
      names: [...places.keys()],
      write: (tap) => {
        const layer = places.get(tap.name);
        return layer === undefined ? [] : writeLayer(tap, { layer, draws, options, carried, records });
      },
      prepare: (loaded) => carried.start(loaded),
      step: (loaded, feeds, outputs) => carried.advance(loaded, feeds, outputs),
      take: async (measures, run, loaded) => {
        for (const [name, [totals]] of measures)
          if (totals !== undefined) records.get(places.get(name)?.node ?? '')?.addRun(run, totals);
        done(run + 1);
        if ((run + 1) % runsBetweenDrains === 0) await carried.drain(loaded);
      },
      finish: (loaded) => carried.drain(loaded),
    },
  );
  return refused.flatMap((name) => places.get(name)?.node ?? []);
}

interface PlacedLayer extends SummedLayer {
  /** What it reads in the joined model. */
  readonly x: string;
}

/** Layers by what they make in the joined model. */
function layersByTarget(layers: readonly SummedLayer[], joined: JoinedModels): ReadonlyMap<string, PlacedLayer> {
  const placed = new Map<string, PlacedLayer>();
  for (const layer of layers) {
    const values = joined.layers.get(layer.node);
    if (values !== undefined) placed.set(values.z, { ...layer, x: values.x });
  }
  return placed;
}

async function* withDraws({ batches, seed }: LayerPassData, name: string): AsyncGenerator<NamedTensors> {
  let run = 0;
  for await (const feeds of batches()) yield { ...feeds, [name]: drawsOf(createRandom(seed, 'positions', run++)) };
}

interface Writing {
  readonly layer: PlacedLayer;
  readonly draws: string;
  readonly options: LayerPassData;
  readonly carried: CarriedSums;
  readonly records: ReadonlyMap<string, LayerRecord>;
}

function writeLayer({ floats: z, writer }: Tap, { layer, draws, options, carried, records }: Writing) {
  const { positions = 12, mostRows = 4096 } = options;
  const math = new IndexMath(writer);
  const x = valueNamed(writer.graph, layer.x);
  const rows = layerRows(math, { ...layer, x, z, positions, mostRows, draws: valueNamed(writer.graph, draws) });
  const { gram, cross, shifts, outputs } = layerTap(math, rows, layer);
  const record = records.get(layer.node);
  carried.set(gram, (part) => record?.addGram(part));
  carried.set(cross, (part) => record?.addCross(part));
  const [, , totals] = outputs;
  carried.setShifts(totals.name, shifts, (ofRun) => record?.chooseShift(ofRun));
  return outputs;
}
