import { areClasses } from '../../distill/class-labels.ts';
import type { OutputLoss } from '../../distill/choose-losses.ts';
import { chooseLosses, rowDims } from '../../distill/choose-losses.ts';
import { pairOutputs } from '../../distill/pair-outputs.ts';
import type { ProbedOutput } from '../../distill/probe-ends.ts';
import { probedOutputs } from '../../distill/probe-ends.ts';
import { ModelError } from '../../errors.ts';
import { batchLengthOf } from '../../evaluate/sample-rows.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { ScoredOutput } from '../../prune/taylor/scored-output.ts';
import type { PruneWork } from './work.ts';

export interface FisherOutputs {
  readonly outputs: readonly ScoredOutput[];
  /** Number of classes where the data's labels count; else null. */
  readonly classes: number | null;
}

/** Samples that outputs are looked at by. */
const probedSamples = 8;

/** What of a model's outputs a loss is to look at, as distilling sees them. None where nothing can be compared. */
export async function fisherOutputs(work: PruneWork): Promise<FisherOutputs> {
  const { feeds, reference, request, prepared } = work;
  for await (const batch of feeds.calibrationPart(probedSamples).batches()) {
    const given = feeds.adapt(batch.feeds);
    const samples = batchLengthOf(reference.signature, feeds.batchAxis, given);
    const { signature } = reference;
    const end = { path: request.modelPath, model: prepared, signature, batchAxis: feeds.batchAxis, fixedBy: null };
    const probed = { end, outputs: probedOutputs(end, await reference.run(given), samples) };
    return chosen(pairsOf(probed), areClasses(batch.labels));
  }
  return { outputs: [], classes: null };
}

/** Each output with itself. */
function pairsOf(probed: Parameters<typeof pairOutputs>[0]) {
  try {
    return pairOutputs(probed, probed).pairs;
  } catch (error) {
    if (error instanceof ModelError) return [];
    throw error;
  }
}

function chosen(pairs: ReturnType<typeof pairsOf>, hasClasses: boolean): FisherOutputs {
  const losses = chooseLosses(pairs, 'auto', { classes: hasClasses });
  const labeled = losses.find(({ loss, pair }) => hasClasses && loss === 'kl' && rowDims(pair.student).length === 2);
  return {
    outputs: losses.map((loss) => scoredOutput(loss, loss === labeled)),
    classes: labeled === undefined ? null : (rowDims(labeled.pair.student)[1] ?? null),
  };
}

function scoredOutput({ pair, classAxis, givesProbabilities }: OutputLoss, isLabeled: boolean): ScoredOutput {
  const { name, tensor } = pair.student;
  if (classAxis === null) return { kind: 'values', name, scale: rootMeanSquare(pair.student) };
  const { sampleAxis } = pair.student;
  // Of rows, which have the samples first, to the output's own.
  const axes = sampleAxis === 'whole' ? [-1, ...tensor.dims.keys()] : samplesFirst(tensor.dims, sampleAxis ?? 0);
  const ownAxis = axes[classAxis] ?? 0;
  return { kind: 'classes', name, classAxis: ownAxis, areProbabilities: givesProbabilities.student, isLabeled };
}

function samplesFirst(dims: readonly number[], sampleAxis: number): readonly number[] {
  return [sampleAxis, ...[...dims.keys()].toSpliced(sampleAxis, 1)];
}

/** 1 where all are 0. */
function rootMeanSquare({ tensor }: ProbedOutput): number {
  const numbers = numbersOf(tensor);
  let sum = 0;
  for (const number of numbers) sum += number ** 2;
  return sum === 0 ? 1 : Math.sqrt(sum / numbers.length);
}
