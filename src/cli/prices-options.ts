import { Option } from 'commander';
import type { Command } from 'commander';
import { priceOrders } from '../commands/prices-vocabulary.ts';
import { addOutputOptions, collect } from './shared-options.ts';

/** Options of `infer cost prices` as text, from flags and defaults. */
export interface PricesFlags {
  readonly instance?: readonly string[];
  readonly cloud?: readonly string[];
  readonly region?: readonly string[];
  readonly name?: readonly string[];
  readonly arch?: 'amd64' | 'arm64';
  readonly accelerator?: string;
  readonly vcpus?: string;
  readonly maxPrice?: string;
  readonly sort: (typeof priceOrders)[number];
  readonly prices?: readonly string[];
  readonly top?: string;
  readonly config?: string;
}

/** Flags that make sense for instances alone, by the names of their options. */
export const instanceFlags = {
  instance: '--instance',
  cloud: '--cloud',
  region: '--region',
  arch: '--arch',
  accelerator: '--accelerator',
  vcpus: '--vcpus',
  maxPrice: '--max-price',
} as const;

const examples = `
Prices are in US dollars; every row has its source and date. Letters behind a price say what is doubtful about it.
What is listed as CSV, JSON or YAML can be changed and given back with --prices.

Examples:
  $ infer cost prices --instance 'c7*' --sort per-vcpu
  $ infer cost prices --accelerator 'H100*' --max-price 8
  $ infer cost prices tokens --name 'gpt-5*' --format csv -o prices.csv
  $ infer cost prices --prices contract.yaml --cloud aws`;

/** Declares the flags of `infer cost prices`. */
export function addPricesOptions(command: Command, formats: readonly string[]): Command {
  command
    .argument('[part]', 'what to list: instances (the default), processors, accelerators, tokens or grids')
    .option('--instance <glob>', 'instance types, by name or id; repeatable', collect)
    .option('--cloud <name>', 'clouds; repeatable', collect)
    .option('--region <name>', 'regions; repeatable', collect)
    .option('--name <glob>', 'names of chips, models and providers, or grids; repeatable', collect)
    .addOption(new Option('--arch <name>', 'architecture').choices(['amd64', 'arm64']))
    .option('--accelerator <glob>', 'machines with this accelerator, or none')
    .option('--vcpus <n-m>', 'machines with so many vCPUs: 8, 4-16 or 32-')
    .option('--max-price <usd>', 'machines that cost at most so much an hour on demand')
    .addOption(new Option('--sort <order>', 'order of the rows').choices([...priceOrders]).default(priceOrders[0]))
    .option('--prices <file>', 'rows that add to or override the catalog (.yaml, .json, .csv); repeatable', collect)
    .option('--top <n>', 'only the first rows of the table (default: all)');
  return addOutputOptions(command, formats)
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}
