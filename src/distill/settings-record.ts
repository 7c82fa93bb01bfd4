import type { Checkpoint } from './checkpoint.ts';
import type { DistillRun } from './distill-run.ts';

/** What two trainings must share for one to go on where the other stopped, by what users call it. */
export function settingsRecord({ options, prepared, fitted, course }: DistillRun): Checkpoint['settings'] {
  const { settings, inputs } = options;
  const { plan, dataset, order } = prepared;
  const { schedule } = course;
  return {
    teacher: options.teacher.sha256.slice(0, 16),
    student: options.student.sha256.slice(0, 16),
    data: `${dataset.size} samples, ${order.chosen.length} to train on, ${order.held.length} held out, content ${options.identifyData()}`,
    loss: plan.losses.map(({ pair, loss }) => `${pair.student.name} ${loss}`).join(', '),
    alpha: String(plan.alpha),
    temperature: String(plan.temperature),
    match: plan.matches.map(({ student, teacher }) => `${student}=${teacher}`).join(', '),
    'match-weight': String(plan.matchWeight),
    trained: `${fitted.parameters.length} tensors`,
    freeze: settings.freeze.join(', '),
    optimizer: JSON.stringify(fitted.plan.step.optimizer),
    lr: String(schedule.peak),
    'warm-up': String(schedule.warmUp),
    steps: String(schedule.steps),
    batch: String(fitted.spec.batch),
    seed: String(settings.seed),
    'random-init': String(settings.randomInit),
    inputs: JSON.stringify(inputs),
  };
}
