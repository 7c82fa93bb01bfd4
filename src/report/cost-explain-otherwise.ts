import type { ApiBreakEven, CostOption, CostResult, EdgeBreakEven, Route, WorkflowCost } from '../cost/cost-result.ts';
import { fourDigits, modelName, moneyText, moneyValue, priceText } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { intervalText, scaledBy, valueText } from './interval-digits.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';

/** The formulas of what else could answer, and of a workflow's steps. */
export function explainOtherwise(result: CostResult): readonly Section[] {
  const { route, apiBreakEven, edgeBreakEven, workflow } = result;
  const facts: readonly Fact[] = [
    ...savingFacts(result),
    ...(route === null ? [] : [{ label: 'Route', text: routeFormula(route, result) }]),
    ...(apiBreakEven === null ? [] : [{ label: 'API', text: apiFormula(apiBreakEven) }]),
    ...(edgeBreakEven === null ? [] : [{ label: 'Device', text: edgeFormula(edgeBreakEven, result) }]),
    ...(workflow === null ? [] : workflowFormulas(workflow)),
  ];
  return facts.length === 0 ? [] : [{ title: 'How the comparisons come about', blocks: [{ kind: 'facts', facts }] }];
}

function savingFacts(result: CostResult): readonly Fact[] {
  const { alternatives, options } = result;
  const first = alternatives.find(({ modelIndex }) => modelIndex === 0);
  const before = options[first?.option ?? -1];
  if (before === undefined) return [];
  return alternatives.flatMap(({ modelIndex, option, savingPerMillionUsd }) => {
    const after = options[option ?? -1];
    if (modelIndex === 0 || after === undefined || savingPerMillionUsd === null) return [];
    const text = `${modelName(result, modelIndex)}: ${costOf(before)} − ${costOf(after)} = ${moneyText(savingPerMillionUsd)} per million`;
    return [{ label: 'Saving', text }];
  });
}

function costOf({ usdPerMillion }: CostOption): string {
  return moneyValue(usdPerMillion);
}

function routeFormula(
  { small, large, escalated, usdPerMillion, worthwhileBelow }: Route,
  { options }: CostResult,
): string {
  const [one, other] = [options[small], options[large]];
  if (one === undefined || other === undefined) return `${moneyText(usdPerMillion)} per million`;
  const cost = `c_small + p·c_large = ${costOf(one)} + ${fourDigits(escalated)}·c_large = ${moneyText(usdPerMillion)} per million, c_large being that of a fleet for the passed-on requests alone`;
  return `${cost}; worth it below 1 − c_small / c_large = 1 − ${costOf(one)} / ${costOf(other)} = ${fourDigits(worthwhileBelow)}`;
}

function apiFormula(even: ApiBreakEven): string {
  const { inputTokens, outputTokens, cachedShare, apiUsdPerRequest } = even;
  const [fresh, cached] = [fourDigits(inputTokens * (1 - cachedShare)), fourDigits(inputTokens * cachedShare)];
  const cachedTerm = cachedShare === 0 ? '' : ` + ${cached}·${fourDigits(even.usdPerMillionCachedInput)}`;
  return `tokens·price / 1e6 = (${fresh}·${fourDigits(even.usdPerMillionInput)}${cachedTerm} + ${fourDigits(outputTokens)}·${fourDigits(even.usdPerMillionOutput)}) / 1e6 = ${priceText(apiUsdPerRequest)} a request${evenText(even)}`;
}

/** The last step in machines up to which the API is cheaper somewhere. */
function evenText({ requestsPerMonth, apiUsdPerRequest }: ApiBreakEven): string {
  if (requestsPerMonth === null || requestsPerMonth.value === 0) return '';
  const monthly = moneyValue(scaledBy(requestsPerMonth, apiUsdPerRequest));
  return `; even where it takes as much a month as the machines that serve it: ${valueText(requestsPerMonth)}·${priceText(apiUsdPerRequest)} = ${monthly}`;
}

function edgeFormula(even: EdgeBreakEven, { settings }: CostResult): string {
  const { deviceUsd, watts, years, usdPerKwh, deviceUsdPerMonth, cloudUsdPerMillion, requestsPerMonth } = even;
  const monthly = `D / (12·years) + W/1000·${settings.hoursPerMonth}·$/kWh = ${fourDigits(deviceUsd)} / (12·${fourDigits(years)}) + ${fourDigits(watts)}/1000·${settings.hoursPerMonth}·${fourDigits(usdPerKwh)} = $${fourDigits(deviceUsdPerMonth)} a month`;
  if (requestsPerMonth === null) return monthly;
  return `${monthly}; / cloud cost = ${fourDigits(deviceUsdPerMonth)} / ${moneyValue(cloudUsdPerMillion)}·1e6 = ${intervalText(requestsPerMonth)} requests a month`;
}

function workflowFormulas({ steps }: WorkflowCost): readonly Fact[] {
  return steps.map(({ name, reach, fanOut, retryProbability: q, maxRetries: r, calls, usd }) => {
    const retried = q === 0 || r === 0 ? '' : `·(1 − ${fourDigits(q)}^${r + 1}) / (1 − ${fourDigits(q)})`;
    const formula = retried === '' ? 'P(reach)·n' : 'P(reach)·n·(1 − q^(r+1)) / (1 − q)';
    return {
      label: shortName(name, 20),
      text: `calls = ${formula} = ${fourDigits(reach)}·${fourDigits(fanOut)}${retried} = ${fourDigits(calls)}; ${moneyText(usd)} a request`,
    };
  });
}
