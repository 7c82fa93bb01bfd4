import type { Drop, EvaluateResult, SqnrGoal, Verdict } from '../evaluate/evaluate-result.ts';
import { estimateText, limitText, type FigureUnit } from './estimate-text.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';
import { formatWhole } from './units.ts';

/** What is said of a goal. */
export interface VerdictLine {
  readonly text: string;
  readonly tone: Tone;
}

const words: Readonly<Record<Verdict, string>> = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' };
const tones: Readonly<Record<Verdict, Tone>> = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

/** A sentence for each goal that was set. An interrupted run has no verdict. */
export function verdictLines({ drop, sqnr, interrupted }: EvaluateResult): readonly VerdictLine[] {
  const goals = [
    ...(drop === null ? [] : [{ verdict: drop.verdict, text: dropText(drop) }]),
    ...(sqnr === null ? [] : [{ verdict: sqnr.verdict, text: sqnrText(sqnr) }]),
  ];
  return goals.map(({ verdict, text }) =>
    interrupted
      ? { text: `NO VERDICT (interrupted): ${text}`, tone: 'warn' }
      : { text: `${words[verdict]}: ${text}`, tone: tones[verdict] },
  );
}

function dropText(drop: Drop): string {
  const { of, limit, verdict } = drop;
  const unit = unitOf(drop);
  const what =
    of === 'argmax-agreement' ? 'decisions that differ' : of === 'relative-error' ? 'relative error' : `drop of ${of}`;
  const allowed = `${limitText(unit === 'plain' ? limit.value : drop.threshold, unit)} is allowed`;
  const base =
    limit.kind === 'relative' && of !== 'argmax-agreement' && of !== 'relative-error' ? " of the reference's" : '';
  if (drop.drop === null) return `the ${what} could not be told; ${allowed}`;
  const figure = `${what} ${estimateText(drop.drop, unit)}${base}`;
  return `${figure} ${meaning(verdict, drop)}; ${allowed}`;
}

/** Relative limits are read in percent, those of shares in points. */
function unitOf({ limit, threshold }: Drop): FigureUnit {
  if (limit.kind === 'relative') return 'percent';
  return limit.kind === 'points' && threshold !== limit.value ? 'points' : 'plain';
}

function sqnrText(goal: SqnrGoal): string {
  const { minDb, exact, sqnrDb, verdict } = goal;
  const output = shortName(goal.output);
  const asked = `at least ${limitText(minDb, 'dB')} is asked for`;
  if (exact) return `'${output}' equals the reference's to the last bit; ${asked}`;
  if (sqnrDb === null) return `the SQNR of '${output}' could not be told; ${asked}`;
  return `SQNR of '${output}' ${estimateText(sqnrDb, 'dB')} ${meaning(verdict, goal)}; ${asked}`;
}

function meaning(verdict: Verdict, { samples, samplesToDecide }: Pick<Drop, 'samples' | 'samplesToDecide'>): string {
  switch (verdict) {
    case 'pass':
      return 'is within the limit';
    case 'fail':
      return 'misses the limit';
    case 'inconclusive':
      return samplesToDecide === null
        ? 'is too near to the limit to tell'
        : `may or may not be within the limit: ${formatWhole(samples)} samples are too few, about ${formatWhole(samplesToDecide)} would decide`;
  }
}
