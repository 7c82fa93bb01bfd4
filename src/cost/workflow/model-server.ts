import { dependentSum, exactly, scaledInterval } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { Random } from '../../stats/seeded-random.ts';
import type { CostOption } from '../cost-result.ts';
import type { MeasuredCurve } from '../fleet/measured-curve.ts';
import { itemsOfCalls } from '../whatif/token-items.ts';
import type { TokenItems } from '../whatif/token-items.ts';
import { latencyQuantiles } from './latency-quantiles.ts';
import { meanOf } from './spread.ts';
import type { CallTime, StepServer } from './step-server.ts';
import type { WorkflowStep } from './workflow.ts';

/** A measured model on the machines that serve it. */
export interface ServedModel {
  readonly label: string;
  readonly option: CostOption;
  /** The one that the option is of. */
  readonly curve: MeasuredCurve;
}

/** Measured items that a step's calls take of the model. */
export function itemsOfStep(step: WorkflowStep, { curve }: ServedModel): TokenItems {
  return itemsOfCalls(curve.tokens, {
    reads: step.accumulates || meanOf(step.input) > 0,
    writes: meanOf(step.output) > 0,
  });
}

/** A call to a measured model: by the items that it takes, at what one costs in the fleet that was planned. */
export function modelServer(step: WorkflowStep, served: ServedModel): StepServer {
  const { label, option } = served;
  const items = itemsOfStep(step, served);
  const usdPerItem = scaledInterval(option.usdPerMillion, 1e-6);
  return {
    serves: `${label} (${option.instance}, ${option.purchase})`,
    priceDate: option.priceDate,
    usdPerCall: dependentSum([scaledInterval(usdPerItem, items.perCall), exactly(step.usdPerCall)]),
    usdPerInputToken: scaledInterval(usdPerItem, items.perInputToken),
    usdPerOutputToken: scaledInterval(usdPerItem, items.perOutputToken),
    time: modelTime(served, items),
  };
}

function modelTime(served: ServedModel, items: TokenItems): CallTime {
  const { draws, bounds } = served.option.latencyMs === null ? unloaded(served) : loaded(served.option.latencyMs);
  return {
    drawer: (random) => {
      const draw = draws(random);
      return ({ input, output }) =>
        draw() * (items.perCall + items.perInputToken * input + items.perOutputToken * output);
    },
    low: bounds.low,
    high: bounds.high,
  };
}

interface ItemTime {
  /** Milliseconds of an item, from its arrival on. */
  readonly draws: (random: Random) => () => number;
  readonly bounds: { readonly low: number | null; readonly high: number | null };
}

/** Waiting included, as the fleet's load makes it. */
function loaded({ meanMs, p50Ms, p99Ms }: NonNullable<CostOption['latencyMs']>): ItemTime {
  const quantile = latencyQuantiles({ mean: meanMs.value, p50: p50Ms.value, p99: p99Ms.value });
  return { draws: (random) => () => quantile(random.next()), bounds: relative(meanMs) };
}

/** Without a load nobody knows how long requests wait: a run of the batch that was chosen. */
function unloaded({ option, curve: { curve } }: ServedModel): ItemTime {
  const runMs = curve.msAt(option.batch) * (option.projection?.factor ?? 1);
  const { ratios } = curve;
  const { low, high } = relative(option.itemsPerSecond);
  return {
    draws: (random) => () => runMs * (ratios.length === 0 ? 1 : (ratios[random.integer(ratios.length)] ?? 1)),
    // The more items a second, the shorter.
    bounds: { low: high && 1 / high, high: low && 1 / low },
  };
}

function relative({ value, low, high }: Interval): { readonly low: number | null; readonly high: number | null } {
  return { low: low === null ? null : low / value, high: high === null ? null : high / value };
}
