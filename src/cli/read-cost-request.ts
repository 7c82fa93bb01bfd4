import { Command } from 'commander';
import type { BenchRequest } from '../commands/bench.ts';
import type { CostRequest } from '../commands/cost-request.ts';
import { balancings } from '../commands/cost-vocabulary.ts';
import type { CostSettings } from '../cost/cost-settings.ts';
import { UsageError } from '../errors.ts';
import { addBenchOptions } from './bench-options.ts';
import type { BenchFlags } from './bench-options.ts';
import { readLoad } from './cost-load.ts';
import type { CostFlags } from './cost-options.ts';
import { readPurchases } from './cost-purchases.ts';
import {
  parseDelayMs,
  parseEdge,
  parseMeasuredOn,
  parsePair,
  parsePart,
  parsePositive,
  parseTokens,
  parseUsd,
  parseUse,
} from './cost-syntax.ts';
import { parseObjective } from './objective-syntax.ts';
import { optional, patternsIn } from './flag-values.ts';
import { readBenchRequest } from './read-bench-request.ts';
import { parseCount, parseList, parseName } from './value-syntax.ts';

export interface CostRequestContext {
  /** Saved results and models, as named. */
  readonly files: readonly string[];
  readonly cwd: string;
  /** Whether the user gave `--budget`. */
  readonly budgetIsHard: boolean;
}

/**
 * Reads the flags of `infer cost` into a request.
 * @throws UsageError for the first that does not fit, DataError for a trace that cannot be played
 */
export function readCostRequest(flags: CostFlags, context: CostRequestContext): CostRequest {
  const models = context.files.filter(isModel);
  const resultPaths = context.files.filter((path) => !isModel(path));
  return {
    resultPaths,
    measure: models.length === 0 ? null : measuringOf(flags, { ...context, models }),
    settings: settingsOf(flags, context.cwd),
    filter: {
      instances: patternsIn(flags.instance),
      clouds: patternsIn(flags.cloud),
      regions: patternsIn(flags.region),
    },
    measuredOn: measuredOnOf(flags, resultPaths),
    pricePaths: flags.prices ?? [],
    route: routeOf(flags),
    api: apiOf(flags),
    edge: edgeOf(flags),
    workflowPath: flags.workflow ?? null,
  };
}

/** What is measured; anything else is taken for a saved result. */
function isModel(path: string): boolean {
  return /\.onnx$/i.test(path);
}

function measuringOf(
  flags: CostFlags,
  context: CostRequestContext & { readonly models: readonly string[] },
): BenchRequest {
  const { ep, threads, dim, shape, input, data, samples, batchDim, budget, rounds, timeout, strictEp, seed } = flags;
  const given = { ep, threads, dim, shape, input, data, samples, batchDim, budget, rounds, timeout, strictEp, seed };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Everything else as `infer bench` has it.
  const usual = addBenchOptions(new Command(), []).opts<BenchFlags>();
  // The batches of single runs are what its curves are made of.
  const request = { ...usual, ...told, lm: 'off' as const, batch: batchesOf(flags), instances: flags.measureInstances };
  return readBenchRequest(request, { ...context, models: [...new Set(context.models)] });
}

/** Those that are asked for, and the one that is to be served with. */
function batchesOf({ measureBatch, batch }: CostFlags): string {
  const text = batch === undefined ? measureBatch : `${measureBatch},${batch}`;
  if (parseList({ flag: '--measure-batch', text }).length > 1) return text;
  const expected = 'several batch sizes such as 1-32*2: what batching saves is part of the cost';
  throw new UsageError('bad-value', { flag: '--measure-batch', value: measureBatch, expected });
}

function settingsOf(flags: CostFlags, cwd: string): CostSettings {
  const objective = optional(flags.slo, (text) => parseObjective({ flag: '--slo', text }));
  return {
    load: readLoad(flags, cwd),
    objective,
    balancing: parseName({ flag: '--balancing', text: flags.balancing }, balancings),
    targetUtilization: parseUse({ flag: '--utilization', text: flags.utilization }),
    minReplicas: parseCount({ flag: '--min-replicas', text: flags.minReplicas }),
    spareReplicas: parseCount({ flag: '--spare', text: flags.spare }, 0),
    batch: optional(flags.batch, (text) => parseCount({ flag: '--batch', text })),
    queueDelayMs: optional(flags.queueDelay, (text) => parseDelayMs({ flag: '--queue-delay', text })),
    ...readPurchases(flags),
    powerUsageEffectiveness: parsePue(flags.pue),
    gramsPerKwh: optional(flags.carbon, (text) => parseUsd({ flag: '--carbon', text })),
    simulate: flags.fast !== true,
    requestsSimulated:
      optional(flags.simulatedRequests, (text) => parseCount({ flag: '--simulated-requests', text }, 1000)) ??
      requestsFor(objective?.percentile ?? 99),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
  };
}

/** Thirty requests beyond the percentile, the least that tells it (MLPerf asks for more), and never few altogether. */
function requestsFor(percentile: number): number {
  const leastTail = 30;
  const warmUp = 0.1;
  return Math.max(20_000, Math.ceil(leastTail / (1 - percentile / 100) / (1 - warmUp)));
}

function parsePue(text: string): number {
  const expected = 'a factor from 1 on such as 1.2';
  const value = parsePositive({ flag: '--pue', text }, expected);
  if (value < 1) throw new UsageError('bad-value', { flag: '--pue', value: text, expected });
  return value;
}

function measuredOnOf({ measuredOn }: CostFlags, known: readonly string[]): Readonly<Record<string, string>> {
  const named = patternsIn(measuredOn).map((text) => parseMeasuredOn({ flag: '--measured-on', text }));
  for (const [value] of named)
    if (value !== '' && !known.includes(value))
      throw new UsageError('unknown-name', { what: '--measured-on', value, known });
  return Object.fromEntries(named);
}

function routeOf({ route, escalate }: CostFlags): CostRequest['route'] {
  if (route === undefined || escalate === undefined) return null;
  const [small, large] = parsePair({ flag: '--route', text: route }, 'two models, the small one first: small,large');
  return { small, large, escalated: parsePart({ flag: '--escalate', text: escalate }) };
}

function apiOf({ vsApi, tokens, cached }: CostFlags): CostRequest['api'] {
  if (vsApi === undefined || tokens === undefined) return null;
  const { input, output } = parseTokens({ flag: '--tokens', text: tokens });
  const cachedShare = optional(cached, (text) => parsePart({ flag: '--cached', text })) ?? 0;
  return { model: vsApi, inputTokens: input, outputTokens: output, cachedShare };
}

function edgeOf({ edge, kwhPrice }: CostFlags): CostRequest['edge'] {
  if (edge === undefined) return null;
  return {
    ...parseEdge({ flag: '--edge', text: edge }),
    usdPerKwh: parseUsd({ flag: '--kwh-price', text: kwhPrice }),
  };
}
