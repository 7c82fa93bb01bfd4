import type { DistillEvent } from './distill-event.ts';
import type { DistillFindings } from './distill-result.ts';
import type { DistillRun } from './distill-run.ts';
import type { DistillWarning } from './distill-warning.ts';
import type { Scores } from './held-out.ts';
import { isHigherBetter } from './loss-kind.ts';
import { couldBeChance } from './compare-students.ts';
import type { Node } from '../onnx/node.ts';
import { nodeLabel } from './node-label.ts';
import { sizeOf } from './parameter-size.ts';
import { differencesOf, figuresOf, meanEstimate } from './summarize-scores.ts';
import type { Training } from './train.ts';

type Plan = Omit<Extract<DistillEvent, { kind: 'planned' }>, 'kind' | 'resumedFrom'>;

/** What is known before the first step. */
export function describePlan(run: DistillRun): Plan {
  const { prepared, fitted } = run;
  const { dataset, order, plan } = prepared;
  const { path, size, hasLabels } = dataset;
  return {
    data: { path, size, labeled: hasLabels, trained: order.chosen.length, heldOut: order.held.length },
    settings: settingsOf(run),
    memory: fitted.memory,
    parameters: parametersOf(run),
    losses: plan.losses.map(({ pair, loss, reason }) => ({
      output: pair.student.name,
      teacherOutput: pair.teacher.name,
      loss,
      reason,
    })),
  };
}

export interface Outcome {
  readonly training: Training;
  readonly before: Scores;
  readonly teacherMetric: Float64Array | null;
  readonly resumedFrom: number | null;
}

/** What came out. */
export function describeFindings(run: DistillRun, outcome: Outcome): DistillFindings {
  const { training, before, teacherMetric, resumedFrom } = outcome;
  const { plan } = run.prepared;
  const { seed } = run.options.settings;
  const student = training.best ?? training.last;
  const improvement = student === null ? null : differencesOf(student.scores, before, seed);
  return {
    ...describePlan(run),
    scoredOutput: plan.scored.pair.student.name,
    matches: plan.matches.map((match) => ({ ...match })),
    metric: { name: plan.metric, higherIsBetter: isHigherBetter(plan.metric) },
    teacherMetric: teacherMetric && meanEstimate(teacherMetric, seed),
    before: figuresOf(before, seed),
    after: student && figuresOf(student.scores, seed),
    improvement,
    epochs: [...training.epochs],
    bestEpoch: training.best?.epoch ?? null,
    stepMs: training.stepMs,
    end: training.end,
    resumedFrom,
    better: training.best !== null,
    warnings: [...warningsOf(run), ...outcomeWarnings(run, training, improvement)].map(({ code, details }) => ({
      code,
      details: { ...details },
    })),
  };
}

function settingsOf({ options, prepared, fitted, course }: DistillRun): DistillFindings['settings'] {
  const { optimizer } = fitted.plan.step;
  const { settings } = options;
  const { plan } = prepared;
  return {
    batch: fitted.spec.batch,
    epochs: course.epochs,
    steps: course.schedule.steps,
    stepsPerEpoch: course.stepsPerEpoch,
    optimizer: optimizer.kind,
    learningRate: course.schedule.peak,
    warmUpSteps: course.schedule.warmUp,
    weightDecay: optimizer.weightDecay ?? 0,
    maxGradientNorm: optimizer.maxGradientNorm ?? null,
    temperature: plan.temperature,
    alpha: plan.alpha,
    matchWeight: plan.matchWeight,
    patience: course.patience,
    randomInit: settings.randomInit,
    seed: settings.seed,
    dims: { ...fitted.spec.dims.student },
  };
}

function parametersOf({ prepared, fitted }: DistillRun): DistillFindings['parameters'] {
  const { student } = prepared.plan;
  const { blocked, unused } = fitted.unreached;
  return {
    trained: sizeOf(student, fitted.parameters),
    frozen: sizeOf(student, prepared.parameters.frozen),
    unreached: sizeOf(student, [...blocked.keys(), ...unused]),
  };
}

function warningsOf({ prepared, fitted }: DistillRun): readonly DistillWarning[] {
  return [
    ...prepared.warnings,
    ...fitted.warnings,
    ...unreachedWarnings(fitted.unreached),
    ...frozenStatistics(prepared, fitted.parameters),
  ];
}

/** Each node that stops gradients, with how many parameters it costs. */
function unreachedWarnings({ blocked, unused }: DistillRun['fitted']['unreached']): readonly DistillWarning[] {
  const nodes = new Set(blocked.values());
  const stopped = [...nodes].map(({ node, problem }) => {
    const parameters = [...blocked.values()].filter((block) => block.node === node).length;
    return {
      code: 'gradient-blocked',
      details: { node: nodeLabel(node), operator: node.op, problem, parameters },
    } as const;
  });
  return unused.length === 0
    ? stopped
    : [...stopped, { code: 'parameters-unused', details: { parameters: unused } } as const];
}

/** A normalization that stays as it is altogether is as the user wants it. */
function frozenStatistics({ plan }: DistillRun['prepared'], trained: readonly string[]): readonly DistillWarning[] {
  const isTrained = (node: Node): boolean => [1, 2].some((index) => trained.includes(node.input(index)?.name ?? ''));
  const normalizations = [...plan.student.model.graph.nodes()].filter((node) => node.is('BatchNormalization'));
  const nodes = normalizations.filter(isTrained).length;
  return nodes === 0 ? [] : [{ code: 'normalization-frozen', details: { nodes } }];
}

function outcomeWarnings(
  { prepared, course }: DistillRun,
  { best, divergedAt, epochs }: Training,
  improvement: DistillFindings['improvement'],
): readonly DistillWarning[] {
  const warnings: DistillWarning[] = [];
  if (divergedAt !== null) {
    const details = { step: divergedAt, epoch: epochs.length + 1, learningRate: course.schedule.peak };
    warnings.push({ code: 'training-diverged', details });
  }
  if (best !== null && improvement !== null && couldBeChance([improvement.loss, improvement.metric]))
    warnings.push({ code: 'improvement-unclear', details: { samples: prepared.order.held.length } });
  return warnings;
}
