import type { DistillResult } from '../distill/distill-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { lossReasonText } from './messages/distill-messages.ts';
import { count, formatBytes, formatMagnitude, formatMs, formatNumber, formatPercent, formatWhole } from './units.ts';

/** How a student was trained, in labeled lines. */
export function distillFacts(result: DistillResult): readonly Fact[] {
  const { teacher, environment, checkpoint } = result;
  return [
    { label: 'Teacher', text: teacher.path },
    { label: 'Data', text: dataText(result) },
    ...lossFacts(result),
    ...matchFacts(result),
    { label: 'Weights', text: weightsText(result) },
    { label: 'Training', text: trainingText(result) },
    { label: 'Step', text: stepText(result) },
    { label: 'Memory', text: memoryText(result) },
    ...(checkpoint === null ? [] : [{ label: 'Checkpoint', text: checkpoint }]),
    { label: 'Machine', text: machineText(environment) },
    { label: 'Software', text: softwareText(environment) },
  ];
}

function dataText({ data, settings }: DistillResult): string {
  const { path, labeled, trained, heldOut } = data;
  const dims = Object.entries(settings.dims).map(([name, length]) => `${name}=${length}`);
  const parts = [
    `${formatWhole(trained)} samples to train on`,
    `${formatWhole(heldOut)} held out (seed ${settings.seed})`,
    labeled ? 'labeled' : 'unlabeled',
    ...dims,
  ];
  return `${path}: ${parts.join(', ')}`;
}

const lossTexts: Readonly<Record<DistillResult['losses'][number]['loss'], string>> = {
  kl: 'KL divergence',
  mse: 'squared error',
  cosine: '1 - cosine',
};

function lossFacts({ losses, settings, scoredOutput }: DistillResult): readonly Fact[] {
  const { alpha, temperature } = settings;
  if (alpha === 1) return [{ label: 'Loss', text: `cross-entropy of '${scoredOutput}' with the labels alone` }];
  const compared = losses.map(({ output, teacherOutput, loss, reason }) => {
    const other = output === teacherOutput ? '' : ` and '${teacherOutput}'`;
    const at = loss === 'kl' ? ` at temperature ${formatNumber(temperature)}` : '';
    return { label: 'Loss', text: `${lossTexts[loss]} of '${output}'${other}${at} (${lossReasonText(reason)})` };
  });
  const labels = `${formatPercent(alpha)} cross-entropy of '${scoredOutput}' with the labels`;
  return alpha === 0 ? compared : [...compared, { label: 'Loss', text: labels }];
}

function matchFacts({ matches, settings }: DistillResult): readonly Fact[] {
  const weight = `weight ${formatNumber(settings.matchWeight)}`;
  return matches.map(({ student, teacher }) => ({ label: 'Match', text: `'${student}' = '${teacher}', ${weight}` }));
}

function weightsText({ parameters: { trained, frozen, unreached }, settings }: DistillResult): string {
  const size = ({ tensors, elements }: typeof trained): string =>
    `${formatMagnitude(elements)} in ${count(tensors, 'tensor')}`;
  return [
    `${size(trained)} trained`,
    ...(frozen.tensors === 0 ? [] : [`${size(frozen)} frozen`]),
    ...(unreached.tensors === 0 ? [] : [`${size(unreached)} out of reach`]),
    ...(settings.randomInit ? ['drawn anew before'] : []),
  ].join(', ');
}

function trainingText({ settings, epochs, resumedFrom }: DistillResult): string {
  const { batch, steps, optimizer, learningRate, warmUpSteps, weightDecay, maxGradientNorm } = settings;
  const taken = epochs.at(-1)?.steps ?? 0;
  return [
    `${formatWhole(taken)} of ${count(steps, 'step')} in ${count(epochs.length, 'epoch')}`,
    `batch ${batch}`,
    `${optimizer}, rate up to ${formatNumber(learningRate)}`,
    `warm-up ${count(warmUpSteps, 'step')}`,
    `weight decay ${formatNumber(weightDecay)}`,
    ...(maxGradientNorm === null ? [] : [`gradients up to ${formatNumber(maxGradientNorm)}`]),
    ...(resumedFrom === null ? [] : [`resumed behind epoch ${resumedFrom}`]),
  ].join(', ');
}

function stepText({ stepMs, ep, threads, elapsedMs }: DistillResult): string {
  const step = stepMs === null ? 'not measured' : `${formatMs(stepMs)} (median)`;
  return `${step}, ${ep}, ${count(threads, 'thread')}; ${formatMs(elapsedMs)} in all`;
}

function memoryText({ memory }: DistillResult): string {
  const { activationBytes, stateBytes, constantBytes, totalBytes, availableBytes } = memory;
  const parts = `activations ${formatBytes(activationBytes)}, weights and moments ${formatBytes(stateBytes)}, constants ${formatBytes(constantBytes)}`;
  const available = availableBytes === null ? '' : ` of ${formatBytes(availableBytes)} available`;
  return `about ${formatBytes(totalBytes)}${available}: ${parts}`;
}
