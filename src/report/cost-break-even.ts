import type { ApiBreakEven, CostOption, CostResult, EdgeBreakEven, Route } from '../cost/cost-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { exactText, givenShare, modelName, moneyText, optionName, priceText, shareText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { derivedText, intervalText, scaledBy, valueText } from './interval-digits.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';

/** What else could answer the requests, and from when on it would pay. */
export function breakEvenSection(result: CostResult): readonly Section[] {
  const { route, apiBreakEven, edgeBreakEven } = result;
  const facts: readonly Fact[] = [
    ...(route === null ? [] : [{ label: 'Route', text: routeText(route, result) }]),
    ...(apiBreakEven === null ? [] : [{ label: 'API', text: apiText(apiBreakEven, result) }]),
    ...(edgeBreakEven === null ? [] : [{ label: 'Device', text: edgeText(edgeBreakEven, result) }]),
  ];
  return facts.length === 0 ? [] : [{ title: 'Otherwise', blocks: [{ kind: 'facts', facts }] }];
}

function routeText(route: Route, result: CostResult): string {
  const { escalated, usdPerMillion, largeUsdPerMillion, savingPerMonthUsd, worthwhileBelow } = route;
  const [small, large] = [route.small, route.large].map((index) => modelOf(result, index));
  const passed = `${small} answers first and passes ${givenShare(escalated)} on to ${large}`;
  const cost = `${moneyText(usdPerMillion)} per million, where ${large} alone costs ${moneyText(largeUsdPerMillion)}`;
  const month = savingPerMonthUsd === null ? '' : `, a saving of ${moneyText(savingPerMonthUsd)} a month`;
  return `${passed}: ${cost}${month}; ${worthText(route.isWorthwhile, worthwhileBelow)}`;
}

function worthText(isWorthwhile: boolean, below: number): string {
  if (below <= 0) return 'never worth it, for the small model is no cheaper';
  return isWorthwhile
    ? `worth it, as long as less than ${shareText(below)} are passed on`
    : `not worth it: less than ${shareText(below)} would have to be passed on`;
}

function modelOf(result: CostResult, option: number): string {
  return modelName(result, result.options[option]?.modelIndex ?? -1);
}

function apiText(even: ApiBreakEven, result: CostResult): string {
  const { model, provider, inputTokens, outputTokens, cachedShare, priceDate, apiUsdPerRequest } = even;
  const cached = cachedShare === 0 ? '' : ` (${givenShare(cachedShare)} of them cached)`;
  const tokens = `${exactText(inputTokens)} tokens in${cached} and ${exactText(outputTokens)} out`;
  const asOf = priceDate === null ? 'a price without a date' : `the price of ${priceDate}`;
  const api = `${shortName(model)} of ${shortName(provider)} costs ${priceText(apiUsdPerRequest * 1e6)} per million requests of ${tokens} each, at ${asOf}`;
  const own =
    even.selfUsdPerRequest === null
      ? ''
      : `; on ${nameOf(result, even.option)} it is ${moneyText(scaledBy(even.selfUsdPerRequest, 1e6))}`;
  return `${api}${own}; ${fromText(even.requestsPerMonth, 'machines of one’s own are')}${busyText(even)}`;
}

function busyText({ requestsPerMonth, utilization }: ApiBreakEven): string {
  if (requestsPerMonth === null || utilization === null) return '';
  return `, where ${shareText(utilization)} of their capacity is used`;
}

function edgeText(even: EdgeBreakEven, result: CostResult): string {
  const { deviceUsd, watts, years, usdPerKwh, deviceUsdPerMonth, capacityPerMonth, requestsPerMonth } = even;
  const device = `a device of ${priceText(deviceUsd)} with ${exactText(watts)} W over ${exactText(years)} years, at ${priceText(usdPerKwh)} a kWh`;
  const cost = `costs ${priceText(Number(deviceUsdPerMonth.toPrecision(4)))} a month`;
  const cloud = `${nameOf(result, even.option)} costs ${moneyText(even.cloudUsdPerMillion)} per million`;
  return `${device}, ${cost}; ${cloud}; ${fromText(requestsPerMonth, 'the device is')}${capacityText(capacityPerMonth, requestsPerMonth)}`;
}

function capacityText(capacity: number | null, needed: Estimate | null): string {
  if (capacity === null || needed === null) return '';
  const most = derivedText(capacity, needed);
  return capacity < needed.value
    ? `, but it serves at most ${most} a month as measured`
    : `; it serves up to ${most} a month as measured`;
}

/** From when on something is cheaper. */
function fromText(requests: Estimate | null, subject: string): string {
  if (requests === null) return `${subject} never cheaper`;
  if (requests.value === 0) return `${subject} cheaper from the first request on`;
  return `${subject} cheaper from ${requestsText(requests)} requests a month on`;
}

/** An interval without a high end: if the machines are as slow as they may be, they never pay. */
function requestsText(requests: Estimate): string {
  const { value, low, high } = requests;
  if (low === null || high !== null) return intervalText(requests);
  const mirrored = { value, low, high: 2 * value - low };
  return `${valueText(mirrored)} (at best ${valueText({ ...mirrored, value: low })}, at worst never)`;
}

function nameOf(result: CostResult, index: number): string {
  const option: CostOption | undefined = result.options[index];
  return option === undefined ? 'the cheapest option' : optionName(option);
}
