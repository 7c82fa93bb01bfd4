import type { CostCurve, CostOption, CostResult } from '../cost/cost-result.ts';
import { fourDigits } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { intervalText, valueText } from './interval-digits.ts';
import { count } from './units.ts';

/** An option with what its figures are made of. */
export interface Explained {
  readonly option: CostOption;
  readonly curve: CostCurve;
  readonly load: CostResult['load'];
  readonly settings: CostResult['settings'];
}

/** How long a batch takes here, and what that is multiplied by for the machine. */
export function timeFacts({ option: { batch, projection }, curve }: Explained): readonly Fact[] {
  const { kind, tau0Ms, alphaMs } = curve;
  const time = `${fourDigits(serviceMs(curve, batch))} ms`;
  const line = `τ(${batch}) = τ0 + α·b = ${fourDigits(tau0Ms)} + ${fourDigits(alphaMs)}·${batch} = ${time}`;
  const text = kind === 'linear' ? line : `τ(${batch}) = ${time}, through the measured points`;
  const factor = projection === null ? [] : [{ label: 'Factor', text: factorText(projection, curve) }];
  return [{ label: 'Time', text }, ...factor];
}

type Projection = NonNullable<CostOption['projection']>;

const parts = ['compute', 'memory', 'overhead'] as const;

function factorText({ factor, low, high, ratios }: Projection, { shares }: CostCurve): string {
  const range = intervalText({ value: factor, low, high });
  if (ratios === null || shares === null) return `f = ${range}, times there over times here`;
  const terms = parts.map((part) => `${fourDigits(shares[part])}·${fourDigits(ratios[part])}`);
  return `f = s_compute·c + s_memory·m + s_overhead·o = ${terms.join(' + ')} = ${range}, times there over times here`;
}

/** What the curve says of a batch. */
export function serviceMs({ kind, tau0Ms, alphaMs, points }: CostCurve, batch: number): number {
  const measured = points.find((point) => point.batch === batch);
  return kind === 'piecewise' && measured !== undefined ? measured.fittedMs : tau0Ms + alphaMs * batch;
}

/** The curve tells medians, and a machine that never rests is as fast as the mean. */
export function throughputText({ option, curve }: Explained): string {
  const { replicasPerMachine, batch, itemsPerSecond, projection } = option;
  const range = projection === null ? null : { ...projection, value: projection.factor };
  const [name, factor] = range === null ? ['', ''] : ['·f', `·${valueText(range)}`];
  const mean = `${fourDigits(serviceMs(curve, batch))}·${fourDigits(curve.meanOverMedian)}${factor}`;
  const numbers = `${replicasPerMachine}·${batch}·1000 / (${mean})`;
  const machine = `a machine with ${count(replicasPerMachine, 'replica')}`;
  return `X = R·b·1000 / (τ·mean/median${name}) = ${numbers} = ${intervalText(itemsPerSecond)} a second of ${machine}`;
}
