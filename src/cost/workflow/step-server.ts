import { exactly } from '../../stats/combined-interval.ts';
import type { Interval } from '../../stats/interval.ts';
import type { Random } from '../../stats/seeded-random.ts';
import type { TokenPrice } from '../catalog/catalog.ts';
import { tokenCost } from '../whatif/api-price.ts';
import { drawerOf } from './spread.ts';
import type { WorkflowStep } from './workflow.ts';

/** What a step's calls cost and how long they take. */
export interface StepServer {
  /** A model and its machine, an API and its provider, or `tool`. */
  readonly serves: string;
  readonly priceDate: string | null;
  readonly usdPerCall: Interval;
  readonly usdPerInputToken: Interval;
  readonly usdPerOutputToken: Interval;
  /** Null where nobody tells. */
  readonly time: CallTime | null;
}

export interface CallTokens {
  readonly input: number;
  readonly output: number;
}

export interface CallTime {
  /** Milliseconds of one call, drawn from a stream of its own. */
  drawer(random: Random): (tokens: CallTokens) => number;
  /** Bounds of what is known of these times, relative to them; null where one round alone was measured. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A call to an API: by its tokens. */
export function apiServer(step: WorkflowStep, price: TokenPrice): StepServer {
  const usd = tokenCost(price, step.served.kind === 'api' ? step.served.cachedShare : 0);
  return {
    serves: `${price.model} (${price.provider})`,
    priceDate: price.date,
    usdPerCall: exactly(step.usdPerCall),
    usdPerInputToken: exactly(usd.input),
    usdPerOutputToken: exactly(usd.output),
    time: givenTime(step),
  };
}

/** Anything else that is done: at what the file says. */
export function toolServer(step: WorkflowStep): StepServer {
  return {
    serves: 'tool',
    priceDate: null,
    usdPerCall: exactly(step.usdPerCall),
    usdPerInputToken: exactly(0),
    usdPerOutputToken: exactly(0),
    time: givenTime(step),
  };
}

function givenTime({ latencyMs }: WorkflowStep): CallTime | null {
  return latencyMs && { drawer: (random) => drawerOf(latencyMs, random), low: 1, high: 1 };
}
