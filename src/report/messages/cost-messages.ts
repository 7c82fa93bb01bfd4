import type { CostWarning } from '../../cost/cost-warning.ts';
import type { Finding } from '../../errors.ts';
import { limitText } from '../estimate-text.ts';
import { shortName } from '../short-name.ts';
import { count, formatPercent, formatWhole } from '../units.ts';
import { describeFinding } from './message.ts';
import { listOf } from './phrases.ts';
import { sentenceFrom } from './sentence-from.ts';

type CostSentences = { readonly [W in CostWarning as W['code']]: (details: W['details']) => string };

/** Some codes are another command's too and have other details there: `describeCostWarning` finds these. */
const costWarningMessages: CostSentences = {
  'prices-old': (d) =>
    `the oldest price is of ${d.oldest}, ${formatWhole(d.days)} days ago, and clouds change prices: give those of today with --prices FILE`,
  'prices-undated': (d) =>
    `the prices of ${count(d.options, 'option')} have no date (marked u): look them up, and give them with --prices FILE`,
  'one-round': (d) =>
    `${d.model} was measured in one round, so nothing tells how far its cost may be off (${d.path}); measure with a longer --budget`,
  'points-left-out': (d) => `${d.path}: ${leftOut(d)} left out`,
  'unknown-processor': (d) =>
    `${d.path} was measured on ${d.processor}, which the catalog does not know, so everything is a projection; name the machine with --measured-on`,
  'no-model-file': (d) =>
    `${d.path} is not there as it was measured, so nothing tells what its time is spent on, and projections have wider ranges`,
  'measured-alone': (d) =>
    `up to ${formatWhole(d.replicas)} replicas of ${d.model} share a machine, and one alone was measured: together they may be slower; measure with --instances`,
  'batch-at-end': (d) =>
    `batch ${formatWhole(d.batch)} of ${d.model} is the cheapest and the largest that was measured; a larger --batch may be cheaper still`,
  'objective-missed': (d) =>
    `nothing answers ${d.percentile} % of the requests within ${limitText(d.limitMs, 'plain')} ms; see what comes nearest`,
  'no-load': (d) =>
    `no load was given: costs hold where ${formatPercent(d.utilization)} of the capacity is used; give --rps or --requests-per-month for a fleet, a bill and latencies`,
  'accuracy-missing': (d) =>
    `no accuracy is known of ${listOf(d.models)}; give results of infer evaluate too, to weigh cost against it`,
  'workflow-latency-unknown': (d) =>
    `${d.path}: nobody tells how long ${listOf(d.steps)} ${d.steps.length === 1 ? 'takes' : 'take'}, so the latency of a request is not known; give latencyMs there`,
  'evaluation-unmatched': (d) => `${d.path} evaluates none of the models that are costed, and was not used`,
  'result-repeated': (d) => `${d.path} holds the same result as ${d.first}, and counts once`,
  'models-unlike': (d) =>
    `${d.model} takes other inputs than ${d.first}: a saving between them is one only where both do the same work`,
};

/** `1 failed point and 2 skipped points are` */
function leftOut({ failed, skipped }: { readonly failed: number; readonly skipped: number }): string {
  const parts = [
    ...(failed === 0 ? [] : [count(failed, 'failed point')]),
    ...(skipped === 0 ? [] : [count(skipped, 'skipped point')]),
  ];
  return `${parts.join(' and ')} ${failed + skipped === 1 ? 'is' : 'are'}`;
}

const longestSentence = 2048;

/** The sentence of a cost's warning. Names cannot control the terminal. */
export function describeCostWarning(warning: Finding): string {
  const sentence = sentenceFrom(costWarningMessages, warning);
  return sentence === null ? describeFinding(warning) : shortName(sentence, longestSentence);
}
