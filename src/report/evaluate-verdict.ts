import type { Drop, EvaluateResult, SqnrGoal, Verdict } from '../evaluate/evaluate-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { estimateText, limitText, type FigureUnit } from './estimate-text.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';
import { count, formatWhole } from './units.ts';

/** What is said of a goal. */
export interface VerdictLine {
  readonly text: string;
  readonly tone: Tone;
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
};
export const verdictTones: Readonly<Record<Verdict, Tone>> = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

/** A sentence for each goal that was set. An interrupted run has no verdict. */
export function verdictLines({ drop, sqnr, interrupted }: EvaluateResult): readonly VerdictLine[] {
  const goals = [
    ...(drop === null ? [] : [{ verdict: drop.verdict, text: dropText(drop) }]),
    ...(sqnr === null ? [] : [{ verdict: sqnr.verdict, text: sqnrText(sqnr) }]),
  ];
  return goals.map(({ verdict, text }) =>
    interrupted
      ? { text: `NO VERDICT (interrupted): ${text}`, tone: 'warn' }
      : { text: `${verdictWords[verdict]}: ${text}`, tone: verdictTones[verdict] },
  );
}

/** What dropped. */
export function dropName({ of }: Pick<Drop, 'of'>): string {
  if (of === 'argmax-agreement') return 'decisions that differ';
  return of === 'relative-error' ? 'relative error' : `drop of ${of}`;
}

/** A drop held against its limit. */
export function dropText(drop: Drop): string {
  const { of, limit } = drop;
  const unit = dropUnit(drop);
  const what = dropName(drop);
  const allowed = `${limitText(unit === 'plain' ? limit.value : drop.threshold, unit)} is allowed`;
  const base =
    limit.kind === 'relative' && of !== 'argmax-agreement' && of !== 'relative-error' ? " of the reference's" : '';
  if (drop.drop === null) return `the ${what} could not be told; ${allowed}`;
  const figure = `${what} ${estimateText(drop.drop, unit)}${base}`;
  return `${figure} ${meaning({ ...drop, figure: drop.drop })}; ${allowed}`;
}

/** Relative limits are read in percent, those of shares in points. */
export function dropUnit({ limit, threshold }: Pick<Drop, 'limit' | 'threshold'>): FigureUnit {
  if (limit.kind === 'relative') return 'percent';
  return limit.kind === 'points' && threshold !== limit.value ? 'points' : 'plain';
}

function sqnrText(goal: SqnrGoal): string {
  const { minDb, exact, sqnrDb } = goal;
  const output = shortName(goal.output);
  const asked = `at least ${limitText(minDb, 'dB')} is asked for`;
  if (exact) return `'${output}' equals the reference's to the last bit; ${asked}`;
  if (sqnrDb === null) return `the SQNR of '${output}' could not be told; ${asked}`;
  return `SQNR of '${output}' ${estimateText(sqnrDb, 'dB')} ${meaning({ ...goal, figure: sqnrDb })}; ${asked}`;
}

interface Judged extends Pick<Drop, 'samples' | 'samplesToDecide'> {
  readonly verdict: Verdict;
  readonly figure: Estimate;
}

function meaning({ verdict, figure, samples, samplesToDecide }: Judged): string {
  const tooFew = `${count(samples, 'sample')} ${samples === 1 ? 'is' : 'are'} too few`;
  switch (verdict) {
    case 'pass':
      return 'is within the limit';
    case 'fail':
      return 'misses the limit';
    case 'inconclusive':
      if (figure.low === null || figure.high === null) return `may or may not be within the limit: ${tooFew} to tell`;
      return samplesToDecide === null
        ? 'is too near to the limit to tell'
        : `may or may not be within the limit: ${tooFew}, about ${formatWhole(samplesToDecide)} would decide`;
  }
}
