import { Option } from 'commander';
import type { Command } from 'commander';
import { optimizationLevels, providerNames } from '../commands/bench-vocabulary.ts';
import { addLanguageOptions } from './bench-language.ts';
import type { LanguageFlags } from './bench-language.ts';
import { addLoadOptions } from './bench-load.ts';
import type { LoadFlags } from './bench-load.ts';
import { addInputOptions, addOutputOptions, collect } from './shared-options.ts';

/** Options of `infer bench` as text, from flags, config and defaults. */
export interface BenchFlags extends LoadFlags, LanguageFlags {
  readonly batch?: string;
  readonly ep: string;
  readonly threads?: string;
  readonly instances: string;
  readonly device?: string;
  readonly browser?: string;
  readonly pin?: boolean;
  readonly fitCores?: boolean;
  readonly maxLatency?: string;
  readonly dim?: readonly string[];
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  readonly data?: string;
  readonly samples?: string;
  readonly batchDim?: string;
  readonly pool: string;
  readonly precision: string;
  readonly budget: string;
  readonly rounds: string;
  readonly maxRounds: string;
  readonly minRuns: string;
  readonly minTime: string;
  readonly warmup: string;
  readonly timeout: string;
  readonly optimization: string;
  readonly strictEp?: boolean;
  readonly verify?: boolean;
  readonly onInconclusive: string;
  readonly atol: string;
  readonly rtol: string;
  readonly seed: string;
  readonly explain?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Lists take 1,2,4 and ranges: 1-32*2 doubles from 1 to 32, 1-9+2 counts by 2. In --threads and --instances N is the
number of usable cores: 1-N.

Examples:
  $ infer bench model.onnx
  $ infer bench model.onnx --batch 1-16*2 --threads 1,2 -o result.json
  $ infer bench fp32.onnx int8.onnx --dim seq=32,128 --input ids=0..30521 --budget 3m
  $ infer bench model.onnx --instances 1-N --threads 1-N --fit-cores --max-latency p99=20ms
  $ infer bench model.onnx --threads 1 --rate 0.5x,0.8x --budget 10s
  $ infer bench model.onnx --threads 1 --find-max --slo p99=50ms --arrivals gamma:2 --duration 5s
  $ infer bench decoder.onnx --prompt-tokens 16,128,512 --new-tokens 64 --batch 1,4 --explain
  $ infer bench decoder.onnx --data prompts.jsonl --tokenizer tokenizer.json --show-text
  $ infer bench model.onnx --ep cpu,cuda --strict-ep --verify`;

/** Declares the flags of `infer bench`. */
export function addBenchOptions(command: Command, formats: readonly string[]): Command {
  addSweepOptions(command);
  addInputOptions(command, 'seed of synthetic inputs and of the order of blocks').option(
    '--pool <n>',
    'distinct inputs to cycle through',
    '4',
  );
  addProtocolOptions(command);
  addLoadOptions(command);
  addLanguageOptions(command);
  return addOutputOptions(command, formats)
    .option('--explain', 'also what each figure of written text means')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addSweepOptions(command: Command): void {
  command
    .argument('[models...]', 'ONNX files; several are compared with the first')
    .option('--batch <list>', 'batch sizes (default: the model’s own, or 1)')
    .option('--ep <list>', `execution providers: ${providerNames.join(', ')}`, 'cpu')
    .option('--device <n>', 'GPU of cuda and tensorrt, counted from 0 in the order of nvidia-smi (default: 0)')
    .option(
      '--browser <path>',
      'Chromium or Chrome of the browser providers (default: CHROME_PATH, or an installed one)',
    )
    .option('--threads <list>', 'intra-op threads (default: usable cores)')
    .option('--instances <list>', 'processes that run side by side', '1')
    .option('--fit-cores', 'leave out what has more threads, of all instances together, than usable cores')
    .option('--max-latency <limit>', 'tell the best throughput within p99=20ms; exit 1 when nothing keeps it')
    .option('--pin', 'hold each thread to a processor of its own, and read back that it holds (Linux)')
    .option('--dim <name=list>', 'values of a symbolic dimension; repeatable', collect)
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)');
}

function addProtocolOptions(command: Command): void {
  command
    .option('--precision <share>', 'add rounds until the p50 interval is within this', '3%')
    .option(
      '--budget <time>',
      'time to take; the default stretches to the least of 3 rounds, a given one is kept',
      '60s',
    )
    .option('--rounds <n>', 'fewest rounds', '3')
    .option('--max-rounds <n>', 'most rounds', '30')
    .option('--min-runs <n>', 'fewest runs a block', '30')
    .option('--min-time <time>', 'shortest measuring time of a block', '500ms')
    .option('--warmup <time>', 'shortest warm-up of a block', '200ms')
    .option('--timeout <time>', 'longest silence of a process before it is killed', '120s')
    .addOption(
      new Option('--optimization <level>', 'graph optimization level').choices([...optimizationLevels]).default('all'),
    )
    .option('--strict-ep', 'fail when a provider is missing or a node would fall back to the CPU')
    .option('--verify', 'exit 1 when outputs differ from the CPU’s or from the expected ones')
    .option('--atol <x>', 'absolute tolerance of outputs', '1e-3')
    .option('--rtol <x>', 'relative tolerance of outputs', '1e-2');
}
