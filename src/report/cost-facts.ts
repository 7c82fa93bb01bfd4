import type { CostOption, CostResult } from '../cost/cost-result.ts';
import { curveFacts } from './cost-curve-text.ts';
import { exactText, givenShare, objectiveText, priceText, reachLabels } from './cost-words.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { flagLegend } from './messages/flag-texts.ts';
import { shortName } from './short-name.ts';
import { count, formatMagnitude, formatMs, formatNumber } from './units.ts';

const longestText = 500;

/** What the figures stand on: the load, the fleet, how they were come by, and what the words and marks mean. */
export function costFacts(result: CostResult): readonly Fact[] {
  const { load, objective, settings, environment, options, elapsedMs } = result;
  return [
    ...(load === null ? [] : [{ label: 'Load', text: loadText(load) }]),
    ...(result.curves.length === 0 ? [] : [{ label: 'Fleet', text: fleetText(result) }]),
    ...(objective === null ? [] : [{ label: 'Objective', text: `${objectiveText(objective)}, ${howText(result)}` }]),
    ...priceFacts(result),
    ...curveFacts(result),
    ...basisFacts(options),
    ...flagLegend(options.flatMap(({ flags }) => flags)),
    { label: 'Settings', text: `seed ${settings.seed}; ${formatMs(elapsedMs)} in all` },
    { label: 'Machine', text: shortName(machineText(environment), longestText) },
    { label: 'Software', text: shortName(softwareText(environment), longestText) },
  ];
}

type Load = NonNullable<CostResult['load']>;

function loadText({
  meanPerSecond,
  peakPerSecond,
  requestsPerMonth,
  hourly,
  arrivals,
  variation,
  cacheHit,
}: Load): string {
  const peak =
    peakPerSecond === meanPerSecond
      ? ''
      : `, ${formatNumber(peakPerSecond)} in the busiest hour${hourly === null ? '' : ' of a day by its profile'}`;
  const rate = `${formatNumber(meanPerSecond)} requests a second${peak}, ${formatMagnitude(Math.round(requestsPerMonth))} a month`;
  const cache =
    cacheHit === 0
      ? ''
      : `; a cache answers ${givenShare(cacheHit)}, which cost nothing and count in the cost of a request; latencies are of the others`;
  return `${rate}; ${arrivalTexts[arrivals]} (coefficient of variation ${formatNumber(variation)})${cache}`;
}

const arrivalTexts: Readonly<Record<Load['arrivals'], string>> = {
  poisson: 'Poisson arrivals',
  gamma: 'gamma arrivals',
  trace: 'arrivals of a trace, stretched and looped',
};

function fleetText({ settings, load }: CostResult): string {
  const { targetUtilization, balancing, minReplicas, spareReplicas, hoursPerMonth } = settings;
  const use = givenShare(targetUtilization);
  if (load === null) return `one replica, of which ${use} of the capacity is used`;
  const parts = [
    `sized for the busiest hour and fixed at that: at most ${use} of the capacity used`,
    `${balancingTexts[balancing]}`,
    ...(minReplicas > 1 ? [`at least ${count(minReplicas, 'replica')}`] : []),
    ...(spareReplicas > 0 ? [`${exactText(spareReplicas)} to spare`] : []),
    `${exactText(hoursPerMonth)} hours a month`,
  ];
  return parts.join(', ');
}

const balancingTexts: Readonly<Record<CostResult['settings']['balancing'], string>> = {
  'round-robin': 'requests go round robin',
  'least-outstanding': 'requests go where the fewest are outstanding',
  'two-choices': 'requests go to the better of two chosen at random',
  random: 'requests go anywhere',
};

function howText({ settings: { simulated, requestsSimulated } }: CostResult): string {
  return simulated ? `by simulating ${count(requestsSimulated, 'request')} for each fleet` : 'by closed forms';
}

/** How prices other than the listed on-demand ones come about, of those that occur. */
function priceFacts({ options, settings }: CostResult): readonly Fact[] {
  const has = (purchase: CostOption['purchase']): boolean => options.some((option) => option.purchase === purchase);
  const { reservedDiscount, spotFallback, spotLostSeconds, serverless } = settings;
  const texts = [
    has('spot')
      ? `each interruption of a spot machine loses ${formatMs(spotLostSeconds * 1000)} of it, and ${fallbackText(spotFallback)}`
      : '',
    has('reserved') && reservedDiscount !== null
      ? `reserved is ${givenShare(reservedDiscount)} off, and pays from ${givenShare(1 - reservedDiscount)} of the hours on`
      : '',
    has('serverless') && serverless !== null
      ? `serverless is ${priceText(serverless.usdPerGbSecond)} a GB-second and ${priceText(serverless.usdPerRequest)} a request`
      : '',
  ];
  const told = texts.filter((text) => text !== '');
  return told.length === 0 ? [] : [{ label: 'Prices', text: told.join('; ') }];
}

function fallbackText(fallback: number): string {
  return fallback === 0
    ? 'none is bought on demand instead'
    : `${givenShare(fallback)} of the hours are bought on demand`;
}

const reaches = ['same-isa', 'other-class', 'accelerator'] as const;

const reachTexts = {
  'same-isa': 'projected within the instruction set, by speed and bandwidth',
  'other-class': 'projected to another class of processor by a roofline of the measured time, which may be far off',
  accelerator: 'projected to or between accelerators by a roofline, which may be very far off',
} as const;

/** What the basis says, of those that occur, with the range that a projection has. */
function basisFacts(options: readonly CostOption[]): readonly Fact[] {
  const measured = options.some(({ basis }) => basis === 'measured')
    ? [{ label: 'Basis', text: 'measured: on the processor or accelerator that was measured on' }]
    : [];
  const projected = reaches.flatMap((reach) => {
    const projections = options.flatMap(({ projection }) => (projection?.reach === reach ? projection : []));
    if (projections.length === 0) return [];
    const low = Math.min(...projections.map((projection) => projection.low / projection.factor));
    const high = Math.max(...projections.map((projection) => projection.high / projection.factor));
    return [
      {
        label: 'Basis',
        text: `${reachLabels[reach]}: ${reachTexts[reach]}; times ×${formatNumber(low)} to ×${formatNumber(high)}`,
      },
    ];
  });
  return [...measured, ...projected];
}
