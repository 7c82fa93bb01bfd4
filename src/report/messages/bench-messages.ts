import type { BenchWarningDetails, SkipDetails } from '../../bench/bench-warning.ts';
import { count, formatMs, formatNumber, formatPercent, formatPlusMinus, formatWhole } from '../units.ts';
import { gpuMessages } from './gpu-messages.ts';
import { clause } from './phrases.ts';
import type { Sentences } from './sentences.ts';

/** By the rules of block noise: what was seen, and what helps. */
const noiseCauses: Readonly<Record<string, { cause: string; cure: string }>> = {
  stalled: { cause: 'other work wanted the processor', cure: 'stop other jobs' },
  steal: { cause: 'the hypervisor gave processor time to others', cure: 'use a dedicated machine' },
  switches: { cause: 'threads were preempted', cure: 'use fewer --threads than cores, or --pin' },
  throttled: { cause: "the container's quota throttled it", cure: 'use fewer --threads or raise the quota' },
  clock: { cause: 'the clock speed changed', cure: 'fix the clock (performance governor) or let the machine cool' },
};

const noisyMachine: Sentences<BenchWarningDetails>['noisy-machine'] = (d) => {
  const known = d.rules.flatMap((rule) => noiseCauses[rule] ?? []);
  const shares = [
    d.stalledShare === null ? [] : [`${formatPercent(d.stalledShare)} of the time stalled`],
    d.stealShare === null ? [] : [`${formatPercent(d.stealShare)} stolen`],
  ].flat();
  const causes = [...known.map(({ cause }) => cause), ...shares].join(', ');
  const cures = [...new Set(known.map(({ cure }) => cure))].join('; ');
  return (
    `${d.dirtyBlocks} of ${count(d.blocks, 'block')} ${d.dirtyBlocks === 1 ? 'was' : 'were'} disturbed` +
    `${causes === '' ? '' : ` (${causes})`}; ${cures === '' ? 'run again on a quiet machine' : cures}`
  );
};

const missedPrecision: Sentences<BenchWarningDetails>['precision-missed'] = (d) =>
  `${d.points} of ${count(d.of, 'point')} missed ${formatPlusMinus(d.wanted)} (worst ${formatPlusMinus(d.worst)}, marked !); ` +
  `raise --budget, or quiet the machine` +
  (d.full === 0
    ? ''
    : `; ${d.full === d.points ? '' : `${d.full} of them `}with threads on every core: fewer --threads vary less`);

/** A difference without a size (NaN, another shape or type) is saved as the largest number there is. */
function byUpTo(maxAbs: number, maxRel = Number.MAX_VALUE): string {
  if (maxAbs >= Number.MAX_VALUE) return 'beyond measure (NaN or infinity, or another shape or type)';
  return `by up to ${formatNumber(maxAbs)}${maxRel >= Number.MAX_VALUE ? '' : ` (${formatNumber(maxRel)} relative)`}`;
}

export const benchWarningMessages: Sentences<BenchWarningDetails> = {
  'noisy-machine': noisyMachine,
  'repeated-blocks': (d) =>
    `${d.repeated} of ${count(d.blocks, 'block')} ${d.repeated === 1 ? 'is a repetition' : 'are repetitions'} of a disturbed one, which was thrown away`,
  'precision-missed': missedPrecision,
  'budget-stretched': (d) =>
    `the budget of ${formatMs(d.budgetMs)} is too short for this sweep, so about ${formatMs(d.estimatedMs)} is taken; set --budget to hold it to a time`,
  'budget-shrunk-runs': (d) =>
    `to keep the budget, ${count(d.points, 'point')} took blocks of only ${count(d.runs, 'run')}; raise --budget for steadier tails`,
  'budget-lost-rounds': (d) =>
    `to keep the budget, ${count(d.points, 'point')} got ${count(d.rounds, 'round')} instead of ${d.wanted}, so intervals are wider; raise --budget`,
  'warm-up-unsettled': (d) =>
    `${count(d.points, 'point')} had not settled when the warm-up ended, so times may still drift; raise --budget or check for a throttled processor`,
  'tail-too-few-runs': (d) =>
    `${count(d.points, 'point')} had fewer than the ${d.needed} runs that p${d.percentile} needs (shown as n<${d.needed}); raise --budget`,
  'outputs-differ-from-cpu': (d) =>
    `${d.model}: the outputs on ${d.ep} differ from the CPU's ${byUpTo(d.maxAbs, d.maxRel)}; ` +
    `its speed is of no use until they match: report it to the provider, or widen --atol and --rtol if that is good enough`,
  'outputs-differ-from-expected': (d) =>
    `${d.model}: output '${d.output}' on ${d.ep} differs from the expected data ${byUpTo(d.maxAbs)}; ` +
    `check that the data belongs to this model`,
  'nodes-on-cpu': (d) =>
    `${d.model}: ${d.nodes} of ${count(d.of, 'node')} asked to run on ${d.ep} ran on the CPU, with copies in between; replace those operators or compare with --ep cpu`,
  'threads-over-cores': (d) =>
    `${count(d.threads, 'thread')} × ${count(d.instances, 'instance')} is more than the ${count(d.cores, 'usable core')}, so they wait for each other; use fewer --threads or --instances`,
  'littles-law-broken': (d) =>
    `in ${count(d.points, 'point')} latency × throughput is off the number of instances by up to ${formatPercent(d.worst)}; something other than the model took time: stop other jobs and run again`,
  'pinning-lost': (d) =>
    `in ${count(d.points, 'point')} threads may run on other processors than --pin asked for: something else sets the affinity of processes here; leave --pin out`,
  'provider-skipped': (d) => `${d.ep} was left out: ${clause(d.reason)}; ${clause(d.cure)}`,
  'dimension-guessed': (d) =>
    `${d.model}: dimension '${d.dimension}' was taken as ${d.value}; set it with --dim ${d.dimension}=VALUE`,
  'inputs-guessed': (d) =>
    `${d.model}: input '${d.input}' was filled with ${d.values}; give real values with --input ${d.input}=VALUE or --data`,
  'one-round': (d) =>
    `only ${count(d.rounds, 'round')} was measured, so there are no intervals; raise --budget or --rounds to compare`,
  'single-input': (d) =>
    `${d.model}: every run had the same input; give several samples with --data if the time depends on the content`,
  'objective-below-service': (d) =>
    `in ${count(d.points, 'point')} p${d.percentile} of the runs alone is beyond ${formatMs(d.limitMs)} (half of them take ${formatMs(d.serviceMs)} and more), so that no rate meets it; make the model faster, or set a later --slo`,
  'load-generator-late': (d) =>
    `at ${d.asked} the requests were issued too late (p99 ${d.lateMs === null ? 'never' : formatMs(d.lateMs)}, at most ${formatMs(d.limitMs)} is tolerated), so that its latencies say nothing; ` +
    'leave a core free with fewer --threads, stop other jobs, or lower --rate',
  'load-unstable': (d) =>
    `at ${d.asked} requests came faster than they were answered (${formatNumber(d.achievedPerSecond)}/s${d.unanswered === 0 ? '' : `, ${formatWhole(d.unanswered)} never`}), so that latency grows with the length of the run; lower --rate, or add --instances`,
  'objective-undecided': (d) =>
    `at ${d.asked} ${count(d.requests, 'request')} leave open whether p${d.percentile} keeps ${formatMs(d.limitMs)}` +
    `${d.requests < d.needed ? `, which takes ${formatWhole(d.needed)} at least` : ''}; give a longer --duration`,
  'load-stalled': (d) =>
    `in ${count(d.runs, 'run')} under load the model stood still once (${formatMs(d.worstMs)}, usually ${formatMs(d.usualMs)}): it is in the latencies, for users would have waited too; look for what else ran`,
  'load-disturbed': (d) =>
    `${d.runs} of ${count(d.of, 'run')} under load ${d.runs === 1 ? 'was' : 'were'} disturbed (${d.rules.flatMap((rule) => noiseCauses[rule]?.cause ?? []).join(', ')}); run again on a quiet machine`,
  'max-rate-undecided': (d) =>
    `a run of twice the length leaves open whether ${formatNumber(d.perSecond)}/s meets the objective; give a longer --duration`,
  'max-rate-unissuable': (d) =>
    `the search ended ${d.perSecond === null ? 'where it began' : `at ${formatNumber(d.perSecond)}/s`} because ${d.perSecond === null ? 'requests' : 'more'} could not be issued in time; ` +
    'leave a core free with fewer --threads, stop other jobs, or measure a larger --batch',
  'cache-differs': (d) =>
    `${d.model} on ${d.ep}: with its cache the logits differ from those without it ${byUpTo(d.maxAbs, d.maxRel)}; where it is quantized as it runs that may be so, else export it again`,
  'text-differs': (d) =>
    `${d.model} on ${d.ep} writes another text with its cache than without it; look at how far its logits differ`,
  ...gpuMessages,
};

export const skipMessages: Sentences<SkipDetails> = {
  'fixed-batch': (d) =>
    `batch ${d.batch} does not fit: the model's batch is fixed at ${d.fixed}; export it with a dynamic batch axis`,
  'no-batch-axis': (d) =>
    `batch ${d.batch} does not fit: the model has no batch axis; leave --batch out, or name the axis with --batch-dim`,
  'provider-unusable': (d) => `${d.ep} cannot be used here: ${clause(d.reason)}; ${clause(d.cure)}`,
  'too-few-to-pin': (d) =>
    `${count(d.instances, 'instance')} × ${count(d.threads, 'thread')} cannot be pinned to ${count(d.of, 'processor')} without sharing; use fewer, or leave --pin out`,
  'beyond-context': (d) =>
    `${count(d.prompt, 'token')} of a prompt and ${d.generated} to write are more than the ${d.limit} that the model has positions for; lower --prompt-tokens or --new-tokens`,
  interrupted: () => 'the run was interrupted before this point was measured; run it again',
  'budget-exhausted': (d) =>
    `the budget of ${formatMs(d.budgetMs)} was used up before this point was measured; raise --budget`,
};
