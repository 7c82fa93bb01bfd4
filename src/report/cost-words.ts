import type { CostOption, CostResult, ExcludedOption } from '../cost/cost-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { intervalText, valueText } from './interval-digits.ts';
import { shortName } from './short-name.ts';
import { formatPercent } from './units.ts';

/** Short enough for a cell. */
const longestCell = 40;

/** What tables call a model. */
export function modelName({ models }: Pick<CostResult, 'models'>, index: number): string {
  return shortName(models[index]?.label ?? `model ${index}`, longestCell);
}

/** Without its place, which an id begins with. */
export function instanceName({ instance, cloud, region }: Pick<CostOption, 'instance' | 'cloud' | 'region'>): string {
  const place = `${cloud}/${region}/`;
  return shortName(instance.startsWith(place) ? instance.slice(place.length) : instance, longestCell);
}

/** `aws us-east-1`; empty for what stands nowhere that anybody tells: a machine of one's own, serverless. */
export function placeName({ cloud, region }: Pick<CostOption, 'cloud' | 'region'>): string {
  return region === '' ? '' : shortName(`${cloud} ${region}`, longestCell);
}

/** `c7i.2xlarge (aws us-east-1)` */
export function machineName(option: CostOption | ExcludedOption): string {
  const place = placeName(option);
  return place === '' ? instanceName(option) : `${instanceName(option)} (${place})`;
}

/** `c7i.2xlarge (aws us-east-1), spot`; what stands nowhere is called by how it is bought already. */
export function optionName(option: CostOption): string {
  return placeName(option) === '' ? instanceName(option) : `${machineName(option)}, ${option.purchase}`;
}

/** The option's name behind that of its model, where there are several. */
export function servedName(result: Pick<CostResult, 'models'>, option: CostOption): string {
  const name = optionName(option);
  return result.models.length > 1 ? `${modelName(result, option.modelIndex)} on ${name}` : name;
}

/** Serves the load, and meets the objective where there is one. */
export function isServing({ obstacle, meetsSlo }: CostOption): boolean {
  return obstacle === null && meetsSlo !== false;
}

/** How far a projection reaches, as a cell and in the legend. */
export const reachLabels = { 'same-isa': 'proj. ISA', 'other-class': 'proj. class', accelerator: 'proj. GPU' } as const;

/** `measured`, or how far it was projected. */
export function basisLabel({ basis, projection }: CostOption): string {
  return projection === null ? basis : reachLabels[projection.reach];
}

/** `$0.279 [0.276, 0.282]` */
export function moneyText(estimate: Estimate): string {
  return dollars(intervalText(estimate));
}

/** `$0.279`, to the same digits. */
export function moneyValue(estimate: Estimate): string {
  return dollars(valueText(estimate));
}

/** A price as listed, to its last digit: `$0.0816`. */
export function priceText(usd: number): string {
  return dollars(exactText(usd));
}

/** A number that was given, not measured: as short as it was written. */
export function exactText(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(6)));
  const [whole = '', fraction] = text.includes('e') ? [text] : text.split('.');
  const grouped = text.includes('e') ? text : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Four digits of what is known exactly but comes out of a formula. */
export function fourDigits(value: number): string {
  return exactText(Number(value.toPrecision(4)));
}

function dollars(text: string): string {
  return text.startsWith('−') ? `−$${text.slice(1)}` : `$${text}`;
}

/** `p99 ≤ 50 ms` */
export function objectiveText({ percentile, limitMs }: NonNullable<CostResult['objective']>): string {
  return `p${exactText(percentile)} ≤ ${exactText(limitMs)} ms`;
}

/** Machines are whole, and so are the ends of their interval: `2 [2, 4]`. */
export function wholeText(estimate: Estimate): string {
  const { value, low, high } = estimate;
  const isSure = low === null || high === null || (low === value && high === value);
  return isSure ? exactText(value) : `${exactText(value)} [${exactText(low)}, ${exactText(high)}]`;
}

/** A share in whole percents, which is all that a load and a capacity tell. */
export function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}

/** A share that was given. */
export function givenShare(share: number): string {
  return Number.isInteger(Number((share * 100).toPrecision(9))) ? shareText(share) : formatPercent(share);
}
