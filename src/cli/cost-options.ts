import { Option } from 'commander';
import type { Command } from 'commander';
import { balancings, purchases } from '../commands/cost-vocabulary.ts';
import { addInputOptions, addOutputOptions, collect } from './shared-options.ts';

/** Options of `infer cost` as text, from flags, config and defaults. */
export interface CostFlags {
  readonly rps?: string;
  readonly requestsPerMonth?: string;
  readonly profile?: string;
  readonly peak?: string;
  readonly arrivals: string;
  readonly cacheHit?: string;
  readonly slo?: string;
  readonly balancing: string;
  readonly utilization: string;
  readonly minReplicas: string;
  readonly spare: string;
  readonly batch?: string;
  readonly queueDelay?: string;
  readonly fast?: boolean;
  readonly simulatedRequests?: string;
  readonly purchase?: string;
  readonly reservedDiscount?: string;
  readonly spotFallback: string;
  readonly spotInterruptions?: string;
  readonly spotLost: string;
  readonly price?: string;
  readonly serverless?: string;
  readonly prices?: readonly string[];
  readonly instance?: string | readonly string[];
  readonly cloud?: string | readonly string[];
  readonly region?: string | readonly string[];
  readonly measuredOn?: string | readonly string[];
  readonly pue: string;
  readonly carbon?: string;
  readonly route?: string;
  readonly escalate?: string;
  readonly vsApi?: string;
  readonly tokens?: string;
  readonly cached?: string;
  readonly edge?: string;
  readonly kwhPrice: string;
  readonly workflow?: string;
  readonly ep?: string;
  readonly threads?: string;
  readonly dim?: readonly string[];
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  readonly data?: string;
  readonly samples?: string;
  readonly batchDim?: string;
  readonly budget?: string;
  readonly rounds?: string;
  readonly timeout?: string;
  readonly strictEp?: boolean;
  readonly measureBatch: string;
  readonly measureInstances: string;
  readonly seed: string;
  readonly top: string;
  readonly details?: boolean;
  readonly explain?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Prices are in US dollars a machine-hour, from the built-in catalog (infer cost prices), --prices files and --price.
Exit code 1: nothing meets --slo.

Examples:
  $ infer bench fp32.onnx int8.onnx --batch 1-32*2 -o bench.json
  $ infer cost bench.json
  $ infer cost bench.json accuracy.json --rps 200 --slo p99=50ms --purchase on-demand,spot
  $ infer cost model.onnx --cloud aws --instance 'c7*' --requests-per-month 30M --profile office --explain
  $ infer cost bench.json --route int8.onnx,fp32.onnx --escalate 20%
  $ infer cost bench.json --rps 5 --workflow agent.yaml
  $ infer cost prices --cloud gcp`;

/** Declares the flags of `infer cost`. */
export function addCostOptions(command: Command, formats: readonly string[]): Command {
  command.argument('[files...]', 'saved results of infer bench and infer evaluate, or .onnx files to measure first');
  addLoadOptions(command);
  addServingOptions(command);
  addPurchaseOptions(command);
  addPlaceOptions(command);
  addQuestionOptions(command);
  addMeasuringOptions(command);
  return addOutputOptions(command.optionsGroup('Output:'), formats)
    .option('--top <n>', 'rows of the longest lists', '10')
    .option('--details', 'every option, and the curves they stand on')
    .option('--explain', 'every formula with the numbers put in')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addLoadOptions(command: Command): void {
  command
    .optionsGroup('Load and objective:')
    .option('--rps <n>', 'requests a second, on average over the month')
    .option('--requests-per-month <n>', 'the same load told otherwise: 30M')
    .option('--profile <name|list>', 'load over the day: office, consumer, flat or 24 numbers; the fleet fits its peak')
    .option('--peak <factor>', 'busiest hour over the average, where no profile tells it: 3x')
    .option('--arrivals <pattern>', 'poisson, gamma:CV, or a .csv of arrival times', 'poisson')
    .option('--cache-hit <share>', 'requests that a cache answers: 30%, or zipf:S,KEYS,SIZE for an LRU cache')
    .option('--slo <pNN=time>', 'the objective: p99=50ms');
}

function addServingOptions(command: Command): void {
  command
    .optionsGroup('Serving:')
    .addOption(
      new Option('--balancing <how>', 'how replicas get their requests')
        .choices([...balancings])
        .default(balancings[0]),
    )
    .option('--utilization <share>', 'of peak capacity: used without a load, and at most with one', '60%')
    .option('--min-replicas <n>', 'fewest replicas', '1')
    .option('--spare <n>', 'replicas beyond what the load needs', '0')
    .option('--batch <n>', 'largest batch a replica forms (default: the cheapest that meets the objective)')
    .option('--queue-delay <time>', 'how long a replica waits for a full batch (default: the cheapest)')
    .option('--fast', 'closed forms in place of simulation')
    .option('--simulated-requests <n>', 'requests a simulation (default: as many as the percentile needs)');
}

function addPurchaseOptions(command: Command): void {
  command
    .optionsGroup('Prices:')
    .option('--purchase <list>', `ways to buy: ${purchases.join(', ')} (default: all that have a price)`)
    .option('--reserved-discount <share>', 'off the on-demand price, for reservations and savings plans: 35%')
    .option('--spot-fallback <share>', 'of the hours, on demand instead of spot', '0')
    .option('--spot-interruptions <rate>', '0.01/h, or 5%/month of machines (default: the catalog’s)')
    .option('--spot-lost <time>', 'capacity lost by an interruption', '300s')
    .option('--price <usd/h>', 'price of the measured machine itself: 0.40/h')
    .option('--serverless <a,b>', 'US dollars a GB-second and a request: 0.0000166667,0.0000002')
    .option('--prices <file>', 'rows that add to or override the catalog (.yaml, .json, .csv); repeatable', collect);
}

function addPlaceOptions(command: Command): void {
  command
    .optionsGroup('Machines:')
    .option('--instance <glob>', 'instance types, by name or id; repeatable', collect)
    .option('--cloud <name>', 'clouds; repeatable', collect)
    .option('--region <name>', 'regions; repeatable', collect)
    .option(
      '--measured-on <[result=]instance>',
      'the instance type that was measured on, or device for that of --edge; repeatable',
      collect,
    )
    .option('--pue <factor>', 'energy of the data center over that of its machines', '1.15')
    .option('--carbon <g/kWh>', 'carbon intensity (default: that of the region)');
}

function addQuestionOptions(command: Command): void {
  command
    .optionsGroup('What if:')
    .option('--route <small,large>', 'a cascade: the small model first, by name or path')
    .option('--escalate <share>', 'of the requests, what goes on to the large one: 20%')
    .option('--vs-api <model>', 'break-even with the price of an API')
    .option('--tokens <in,out>', 'tokens of a request to it: 1000,250')
    .option('--cached <share>', 'of the tokens in, what its cache holds', '0')
    .option('--edge <usd,watts,years>', 'break-even with devices: 249,15,3')
    .option('--kwh-price <usd>', 'price of their energy', '0.15')
    .option('--workflow <file>', 'steps of an agent (.yaml): calls, tokens, dollars and latency a user request');
}

function addMeasuringOptions(command: Command): void {
  command
    .optionsGroup('Measuring .onnx files:')
    .option('--measure-batch <list>', 'batch sizes to measure of .onnx files', '1-32*2')
    .option('--measure-instances <list>', 'processes side by side to measure', '1')
    .option('--ep <list>', 'execution providers to measure (default: cpu)')
    .option('--threads <list>', 'intra-op threads to measure (default: usable cores)')
    .option('--dim <name=list>', 'values of a symbolic dimension; repeatable', collect)
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)')
    .option('--budget <time>', 'time to measure in (default: 60s)')
    .option('--rounds <n>', 'fewest rounds to measure (default: 3)')
    .option('--timeout <time>', 'longest silence of a process before it is killed (default: 120s)')
    .option('--strict-ep', 'fail when a provider is missing or a node would fall back to the CPU');
  addInputOptions(command, 'seed of inputs, of simulations and of intervals');
}
