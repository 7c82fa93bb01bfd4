import type { GateResult } from '../gate/gate-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { shortName } from './short-name.ts';
import { count, formatMs } from './units.ts';

const longestText = 500;

/** How it was judged, and where. */
export function gateFacts(result: GateResult): readonly Fact[] {
  const { environment, replayOf } = result;
  return [
    ...(replayOf === null
      ? []
      : [{ label: 'Judged again', text: `from ${shortName(replayOf, longestText)}; nothing was run` }]),
    { label: 'Judged', text: judgedText(result) },
    { label: 'Undecided', text: policyTexts[result.settings.onInconclusive] },
    { label: 'Legend', text: legendText },
    { label: 'Machine', text: shortName(machineText(environment), longestText) },
    { label: 'Software', text: shortName(softwareText(environment), longestText) },
  ];
}

function judgedText({ settings, elapsedMs }: GateResult): string {
  const { alpha, looks, confirm, budgetMs, seed, optimization } = settings;
  const parts = [
    `alpha ${alpha} for the whole gate`,
    `${count(looks, 'look')} at the data at most`,
    ...(confirm ? ['fails confirmed by an independent batch'] : []),
    `budget ${formatMs(budgetMs)}`,
    `graph optimization ${shortName(optimization)}`,
    `seed ${seed}`,
  ];
  return `${parts.join(', ')}; ${formatMs(elapsedMs)} in all`;
}

const policyTexts: Readonly<Record<GateResult['settings']['onInconclusive'], string>> = {
  warn: 'inconclusive and incomparable cells warn (--on-inconclusive)',
  fail: 'inconclusive and incomparable cells fail the job with exit code 5 (--on-inconclusive)',
  pass: 'inconclusive and incomparable cells pass (--on-inconclusive)',
};

const legendText =
  'head / base is the median ratio of pairs of blocks with its 95 % interval; ' +
  'a change as large as the detectable one is found 4 times in 5';
