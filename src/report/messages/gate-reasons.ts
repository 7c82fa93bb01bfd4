import type { CellReasonDetails, UntoldCause } from '../../gate/cell-reason.ts';
import { dropName } from '../evaluate-verdict.ts';
import { count, formatNumber, formatWhole } from '../units.ts';
import { clause, listOf } from './phrases.ts';

/** Write a value in the unit of the cell's metric. */
export interface FigureWriters {
  readonly figure: (value: number) => string;
  /** As short as it was given. */
  readonly limit: (value: number) => string;
}

/** One sentence for every reason; figures are in the unit of the cell's metric. Without a final period. */
type Reasons = {
  readonly [C in keyof CellReasonDetails]: (details: CellReasonDetails[C], write: FigureWriters) => string;
};

export const gateReasons: Reasons = {
  'within-tolerance': (d) => `at worst ${changeOf(d.worst)}, within the ${limitOf(d.limit)} that pass`,
  'beyond-tolerance': (d) =>
    `${changeOf(d.ratio)} is beyond the ${limitOf(d.limit)} that are tolerated, and not by chance (${testText(d)})` +
    (d.confirmed ? '; an independent batch found it again' : ''),
  'below-floor': (d, { figure, limit }) =>
    `a difference of ${figure(Math.abs(d.difference))} is below the floor of ${limit(d.floor)}`,
  'too-noisy': (d) =>
    d.best === null || d.worst === null
      ? `too few pairs to say how large the change is; ${limitOf(d.limit)} would pass; give a longer --budget`
      : `anything from ${changeOf(d.best)} to ${changeOf(d.worst)}, where ${limitOf(d.limit)} would pass; give a longer --budget or a quieter machine`,
  'too-few-pairs': (d) =>
    `${count(d.pairs, 'pair')} of blocks cannot prove anything, whatever they show; ${formatWhole(d.needed)} could: give a longer --budget`,
  'not-confirmed': (d) =>
    d.confirmP === null
      ? `adjusted p ${pText(d.adjustedP)}, but there was no independent batch to find it again`
      : `an independent batch did not find it again (p ${pText(d.confirmP)} after ${pText(d.adjustedP)}, alpha ${pText(d.alpha)})`,

  'within-prediction': (d, { figure }) =>
    `${figure(d.value)}, where ${count(d.runs, 'earlier run')} of the base let expect up to ${figure(d.limit)}`,
  'beyond-prediction': (d, { figure }) =>
    `${figure(d.value)} is beyond the ${figure(d.limit)} that ${count(d.runs, 'earlier run')} of the base let expect (${testText(d)})`,
  'history-too-wide': (d, { figure }) =>
    `${figure(d.value)}; the ${count(d.runs, 'earlier run')} of the base spread too far to tell: up to ${figure(d.limit)} may be expected`,
  'history-too-short': (d) =>
    `${count(d.runs, 'earlier run')} of the base ${d.runs === 1 ? 'is' : 'are'} too few for a verdict, which takes ${formatWhole(d.needed)}`,
  'other-machine': (d) =>
    `the base was measured on another machine or with other versions (fingerprint ${fingerprintText(d.base)}, here ${fingerprintText(d.head)}): measure both here, or store a baseline of this one`,
  'other-conditions': (d) => `the base was measured under other conditions: ${listOf(d.differs)}`,

  'not-worse': (d, { figure }) =>
    d.change === 0 ? 'the same as the base' : `better than the base by ${figure(Math.abs(d.change))}`,
  'within-exact-tolerance': (d, { figure, limit }) =>
    `worse by ${figure(Math.abs(d.change))}, where ${limit(Math.abs(d.allowed))} are allowed`,
  worse: (d, { figure, limit }) =>
    `worse by ${figure(Math.abs(d.change))}, where ${d.allowed === 0 ? 'nothing is' : `${limit(Math.abs(d.allowed))} are`} allowed`,
  untold: (d) =>
    `${d.side === 'both' ? 'neither figure' : `the ${d.side}’s figure`} could ${d.side === 'both' ? '' : 'not '}be told: ${untoldTexts[d.cause]}`,

  'budget-kept': (d, { figure, limit }) => `at worst ${figure(d.worst)}, within the budget of ${limit(d.budget)}`,
  'budget-broken': (d, { figure, limit }) =>
    `${figure(d.value)} breaks the budget of ${limit(d.budget)}` +
    (d.adjustedP === null || d.alpha === null ? '' : ` (${testText({ adjustedP: d.adjustedP, alpha: d.alpha })})`),
  'budget-undecided': (d, { figure, limit }) =>
    d.low === null || d.high === null
      ? `too few blocks or runs to hold it against the budget of ${limit(d.budget)}; give a longer --budget`
      : `anything from ${figure(d.low)} to ${figure(d.high)}, with a budget of ${limit(d.budget)}; give a longer --budget`,
  'too-few-runs': (d) =>
    `${count(d.runs, 'run')}, which resemble their neighbors and are worth ${formatWhole(Math.floor(d.effective))}, are too few for this percentile, which takes ${formatWhole(d.needed)}`,

  'outputs-equal': (d) =>
    d.maxAbs === 0 ? 'equal to the base’s' : `equal to the base’s within the tolerance${differenceText(d)}`,
  'outputs-differ': (d) => `output '${d.output}' differs from the base’s beyond the tolerance${differenceText(d)}`,
  'outputs-not-finite': (d) => `output '${d.output}' holds NaN or infinity where the base’s holds numbers`,
  'outputs-unlike': (d) => `output '${d.output}' is ${d.head}; the base’s is ${d.base}`,
  'inputs-unlike': (d) => `input '${d.input}' is ${d.head}; the base’s is ${d.base}`,

  'quality-kept': (d, { figure, limit }) =>
    `${dropName(d)} ${figure(d.drop)}, at worst ${figure(d.high)}, where ${limit(d.threshold)} is allowed`,
  'quality-dropped': (d, { figure, limit }) =>
    d.drop === null
      ? `${dropName(d)}: the head’s figure is NaN or infinite, where ${limit(d.threshold)} is allowed`
      : `${dropName(d)} ${figure(d.drop)}${d.low === null ? '' : `, at best ${figure(d.low)}`}, where ${limit(d.threshold)} is allowed`,
  'quality-undecided': (d, { figure, limit }) =>
    `${dropName(d)} ${figure(d.drop)}${d.high === null ? '' : `, at worst ${figure(d.high)}`}, where ${limit(d.threshold)} is allowed; ` +
    (d.samplesToDecide === null ? 'give more data' : `about ${count(d.samplesToDecide, 'sample')} would decide`),
  'quality-untold': (d) => `${d.of === null ? 'the quality' : dropName({ of: d.of })} could not be told`,

  'no-base': () => 'there is no base to compare with',
  'not-measured': () => 'no figure could be taken here',
  interrupted: () => 'the gate was interrupted before it could tell',
  'head-failed': (d) => `the head does not load or run (${clause(d.failure)})`,
  'base-failed': (d) => `the base does not load or run here (${clause(d.failure)})`,
};

const untoldTexts: Readonly<Record<UntoldCause, string>> = {
  'not-in-base': 'what is saved of the base has none',
  'unknown-macs': 'some operator or shape is not known',
  'no-memory-figures': 'the runtime tells no memory figures for this provider',
  'model-not-run': 'the model could not be opened or run',
};

/** `+5.2 %` for a ratio of 1.052. */
export function changeOf(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const text = Math.abs(percent).toFixed(Math.abs(percent) < 99.95 ? 1 : 0);
  if (Number(text) === 0) return '±0.0 %';
  return `${percent > 0 ? '+' : '−'}${text} %`;
}

/** The same of a limit, as short as it was written: `+5 %`. */
export function limitOf(ratio: number): string {
  const percent = Number(((ratio - 1) * 100).toPrecision(3));
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`;
}

/** Two digits are enough; small ones by what they are below. */
export function pText(p: number): string {
  return p < 0.0001 ? '<0.0001' : String(Number(p.toPrecision(2)));
}

function testText({ adjustedP, alpha }: { adjustedP: number; alpha: number }): string {
  return `adjusted p ${pText(adjustedP)}, alpha ${pText(alpha)}`;
}

function fingerprintText(fingerprint: string | null): string {
  return fingerprint === null ? 'unknown' : fingerprint.slice(0, 12);
}

function differenceText({ maxAbs, maxRel }: { maxAbs: number | null; maxRel: number | null }): string {
  // What is not finite or has another shape has no size.
  if (maxAbs === null || maxAbs === Number.MAX_VALUE) return '';
  const relative = maxRel === null || maxRel === Number.MAX_VALUE ? '' : `, relative ${formatNumber(maxRel)}`;
  return `: largest difference ${formatNumber(maxAbs)}${relative}`;
}
