import type { Alternative, CostOption, CostResult } from '../cost/cost-result.ts';
import { givenShare, modelName, moneyText, objectiveText, servedName } from './cost-words.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import { intervalText } from './interval-digits.ts';
import { listOf } from './messages/phrases.ts';
import { shortName } from './short-name.ts';
import { formatMs, formatNumber } from './units.ts';

const longestPath = 200;

/** What was costed, and for which load. */
export function costHeading(result: CostResult): string {
  const { models, load, settings, workflow } = result;
  // A workflow of APIs and tools alone.
  if (models.length === 0) return shortName(workflow?.path ?? '', longestPath);
  const names = listOf(models.map((_, index) => modelName(result, index)));
  const at =
    load === null
      ? `where ${givenShare(settings.targetUtilization)} of the capacity is used`
      : `at ${formatNumber(load.meanPerSecond)} requests a second`;
  return `${names} ${at}`;
}

/** The gist: the cheapest there is, and what another model saves. */
export function costVerdicts(result: CostResult): readonly VerdictLine[] {
  const { options, cheapest, objective } = result;
  if (result.models.length === 0) return [];
  const best = cheapest === null ? undefined : options[cheapest];
  if (best !== undefined) return [cheapestLine(best, result), ...savingLines(result)];
  if (objective === null) return [{ text: 'NONE: no machine serves this', tone: 'bad' }];
  return [{ text: `FAIL: nothing has ${objectiveText(objective)}${nearestText(result)}`, tone: 'bad' }];
}

function cheapestLine(best: CostOption, result: CostResult): VerdictLine {
  const { objective } = result;
  const which = objective === null ? 'cheapest' : `PASS: cheapest with ${objectiveText(objective)}`;
  const month = best.monthlyUsd === null ? '' : `, ${moneyText(best.monthlyUsd)} a month`;
  const text = `${which}: ${servedName(result, best)}: ${moneyText(best.usdPerMillion)} per million${month}${latencyText(best, result)} (${basisWords(best)})`;
  return isSure(best, result)
    ? { text, tone: 'good' }
    : { text: `${text}; its interval goes beyond the limit`, tone: 'warn' };
}

/** The whole interval lies within the objective. */
function isSure({ latencyMs }: CostOption, { objective }: CostResult): boolean {
  const high = latencyMs?.objectiveMs.high ?? null;
  return objective === null || high === null || high <= objective.limitMs;
}

/** Said in full, for it is what to believe of the whole line. */
function basisWords({ basis, projection }: CostOption): string {
  if (projection === null) return basis;
  return `projected ${reachWords[projection.reach]}`;
}

const reachWords = {
  'same-isa': 'within the instruction set',
  'other-class': 'to another class of processor',
  accelerator: 'to another accelerator',
} as const;

function latencyText({ latencyMs }: CostOption, { objective }: CostResult): string {
  if (latencyMs === null) return '';
  return `, p${objective?.percentile ?? 99} ${intervalText(latencyMs.objectiveMs)} ms`;
}

/** What comes nearest to the objective. */
function nearestText(result: CostResult): string {
  const { options, objective } = result;
  const timed = options.flatMap((option) =>
    option.latencyMs === null ? [] : [{ option, ms: option.latencyMs.objectiveMs }],
  );
  const [nearest] = timed.toSorted((a, b) => a.ms.value - b.ms.value);
  if (nearest === undefined || objective === null) return '';
  return `; nearest is ${servedName(result, nearest.option)} with ${formatMs(nearest.ms.value)}`;
}

/** The cheapest of the other models beside the first one. */
function savingLines(result: CostResult): readonly VerdictLine[] {
  const told = result.alternatives.filter(({ modelIndex, ratio }) => modelIndex !== 0 && ratio !== null);
  const [best] = told.toSorted((a, b) => (a.ratio?.value ?? 0) - (b.ratio?.value ?? 0));
  return best === undefined ? [] : [savingLine(best, result)];
}

function savingLine(
  { modelIndex, savingPerMillionUsd, savingPerMonthUsd }: Alternative,
  result: CostResult,
): VerdictLine {
  const names = `${modelName(result, modelIndex)} instead of ${modelName(result, 0)}`;
  if (savingPerMillionUsd === null) return { text: `${names}: the saving is not known`, tone: 'plain' };
  const { value, low, high } = savingPerMillionUsd;
  const month = savingPerMonthUsd === null ? '' : `, ${moneyText(savingPerMonthUsd)} a month`;
  const saved = `${moneyText(savingPerMillionUsd)} per million${month}`;
  if (value === 0 || (low !== null && high !== null && low <= 0 && high >= 0))
    return { text: `${names}: no saving shown (${saved})`, tone: 'plain' };
  return value > 0
    ? { text: `${names} saves ${saved}`, tone: 'good' }
    : { text: `${names} costs more: saves ${saved}`, tone: 'warn' };
}
