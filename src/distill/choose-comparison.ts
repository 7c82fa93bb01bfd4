import { UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { SampleBatch } from './batch-feeds.ts';
import type { OutputLoss } from './choose-losses.ts';
import { chooseLosses, rowDims } from './choose-losses.ts';
import { areClasses } from './class-labels.ts';
import type { DistillSettings } from './distill-settings.ts';
import type { DistillWarning } from './distill-warning.ts';
import type { LossPlan } from './loss-graph.ts';
import type { DistillMetric } from './loss-kind.ts';
import { findMatches } from './match-points.ts';
import type { InputPairs } from './pair-inputs.ts';
import { teacherFeeds } from './pair-inputs.ts';
import type { OutputPairs } from './pair-outputs.ts';
import { pairOutputs } from './pair-outputs.ts';
import { probe, probedOutputs } from './probe-ends.ts';
import type { ModelPlace, TrainingEnd } from './training-end.ts';

interface Comparing {
  readonly student: TrainingEnd;
  readonly teacher: TrainingEnd;
  readonly inputs: InputPairs;
  /** A few samples. */
  readonly first: SampleBatch;
  readonly hasLabels: boolean;
}

/** Default share of the labels in the loss, as in Hinton's recipe. */
const usualAlpha = 0.1;

/**
 * Runs both models on a few samples and decides by what comes out how to compare them. Throws ModelError
 * 'distill-mismatch', UsageError for a loss, an alpha or a match that is not possible.
 */
export async function chooseComparison(
  { student, teacher, inputs, first, hasLabels }: Comparing,
  settings: DistillSettings,
  place: ModelPlace,
): Promise<{ readonly plan: LossPlan; readonly warnings: readonly DistillWarning[] }> {
  const outputsOf = async (end: TrainingEnd, feeds: NamedTensors) => {
    return { end, outputs: probedOutputs(end, await probe(end, feeds, place), first.batch) };
  };
  const own = await outputsOf(student, first.feeds);
  const pairs = pairOutputs(own, await outputsOf(teacher, teacherFeeds(first.feeds, inputs)));
  const hasClasses = areClasses(first.labels);
  const losses = chooseLosses(pairs.pairs, settings.loss, { classes: hasClasses });
  const { scored, classes, warnings } = scoring(losses, { hasClasses, hasLabels });
  const plan = {
    student,
    teacher,
    inputs,
    losses,
    scored,
    classes,
    alpha: alphaOf(settings.alpha, classes),
    temperature: settings.temperature,
    matches: findMatches(settings.match, { student, teacher }),
    matchWeight: settings.matchWeight,
    metric: metricOf(scored, classes),
  };
  return { plan, warnings: [...pairWarnings(inputs, pairs), ...warnings] };
}

/** The output that labels and metric are about: the first one of classes where there are labels for it. */
function scoring(
  losses: readonly OutputLoss[],
  { hasClasses, hasLabels }: { hasClasses: boolean; hasLabels: boolean },
) {
  const [first] = losses;
  if (first === undefined) throw new RangeError('nothing is compared');
  const scored = losses.find(({ loss, pair }) => loss === 'kl' && rowDims(pair.student).length === 2);
  if (hasClasses && scored !== undefined)
    return { scored, classes: rowDims(scored.pair.student)[1] ?? null, warnings: [] };
  const problem = hasClasses ? 'no output holds scores of classes' : 'they are no classes';
  const warnings: readonly DistillWarning[] = hasLabels
    ? [{ code: 'distill-labels-unused', details: { problem } }]
    : [];
  return { scored: losses.find(({ loss }) => loss === 'kl') ?? first, classes: null, warnings };
}

function alphaOf(asked: number | null, classes: number | null): number {
  if (classes !== null) return asked ?? usualAlpha;
  if (asked === null || asked === 0) return 0;
  const expected = 'possible without labels that are classes of an output; leave it out or add them';
  throw new UsageError('bad-value', { flag: '--alpha', value: String(asked), expected });
}

function metricOf({ loss }: OutputLoss, classes: number | null): DistillMetric {
  if (classes !== null) return 'accuracy';
  if (loss === 'kl') return 'agreement';
  return loss === 'cosine' ? 'cosine' : 'relative-error';
}

function pairWarnings(inputs: InputPairs, outputs: OutputPairs): readonly DistillWarning[] {
  const ofInputs = [...inputs.studentOf].map(([teacher, student]) => `${student} = ${teacher}`);
  const ofOutputs = outputs.pairs.map(({ student, teacher }) => `${student.name} = ${teacher.name}`);
  return [
    ...(inputs.byPosition ? [{ code: 'inputs-by-position', details: { pairs: ofInputs } } as const] : []),
    ...(outputs.byPosition ? [{ code: 'outputs-by-position', details: { pairs: ofOutputs } } as const] : []),
    ...(outputs.leftOut.length > 0
      ? [{ code: 'outputs-left-out', details: { outputs: outputs.leftOut } } as const]
      : []),
  ];
}
