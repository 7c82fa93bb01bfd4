import { Option } from 'commander';
import type { Command } from 'commander';
import { optimizationLevels, providerNames } from '../commands/bench-vocabulary.ts';
import { doubtPolicies } from './scoring-options.ts';
import { addOutputOptions, collect } from './shared-options.ts';

/** Options of `infer gate` as text, from flags, config and defaults. */
export interface GateFlags {
  readonly base?: string;
  readonly head?: string;
  readonly scenario?: string | readonly string[];
  readonly metric?: string | readonly string[];
  readonly tolerance?: string;
  readonly maxLatency?: readonly string[];
  readonly data?: string;
  readonly maxDrop?: string;
  readonly budget: string;
  readonly alpha: string;
  readonly maxPairs: string;
  readonly confirm?: boolean;
  readonly onInconclusive: string;
  readonly baseline?: string;
  readonly updateBaseline?: string;
  readonly calibrate?: boolean;
  readonly replay?: string;
  readonly resume?: string | boolean;
  readonly batch?: string;
  readonly batchDim?: string;
  readonly ep: string;
  readonly strictEp?: boolean;
  readonly threads?: string;
  readonly instances: string;
  readonly dim?: readonly string[];
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  readonly seed: string;
  readonly optimization: string;
  readonly atol: string;
  readonly rtol: string;
  readonly timeout: string;
  readonly lockTimeout: string;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
A base is a model, git:REF:PATH (git:REF for the head's own path there), or the saved result of a gate or a bench.
Exit code 1: a metric is worse than the base beyond its tolerance, or over its budget. Noise alone is inconclusive.

Examples:
  $ infer gate --base git:main:models/m.onnx --head models/m.onnx
  $ infer gate --base fp32.onnx --head int8.onnx --data test.npz --max-drop 0.5pt --max-latency p99=20ms
  $ infer gate --base git:origin/main --budget 3m -o gate.json
  $ infer gate --calibrate --head models/m.onnx --budget 3m
  $ infer gate --replay gate.json --tolerance 10%`;

/** Declares the flags of `infer gate`. */
export function addGateOptions(command: Command, formats: readonly string[]): Command {
  addSubjectOptions(command);
  addRuleOptions(command);
  addPlaceOptions(command);
  addProtocolOptions(command);
  addModeOptions(command);
  return addOutputOptions(command, formats)
    .option('--details', 'print the longest lists in full')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}

function addSubjectOptions(command: Command): void {
  command
    .option('--head <model>', 'the model to gate (default: every scenario of the config)')
    .option('--base <ref>', 'what it is held against: a model, git:REF:PATH, git:REF, or a saved result')
    .option('--scenario <name>', 'of the config’s scenarios take these; repeatable', collect);
}

function addRuleOptions(command: Command): void {
  command
    .option('--metric <name>', 'judge these alone; repeatable (default: latency, size, work, memory, outputs)', collect)
    .option('--tolerance <share>', 'largest slowdown that is none (default: 5%)')
    .option('--max-latency <pNN=time>', 'budget of a percentile of the head: p99=20ms; repeatable', collect)
    .option('--data <path>', 'inputs to measure on; with --max-drop the samples that quality is judged on')
    .option('--max-drop <limit>', 'how far quality may fall behind the base, in place of equal outputs: 0.5pt, 1%')
    .option('--atol <x>', 'absolute tolerance of outputs', '1e-3')
    .option('--rtol <x>', 'relative tolerance of outputs', '1e-2')
    .option('--alpha <share>', 'chance of a false alarm of the whole gate', '1%')
    .option('--confirm', 'a fail must repeat in an independent batch')
    .addOption(
      new Option(
        '--on-inconclusive <what>',
        'when noise leaves a metric open, or nothing can be compared: fail exits with 5',
      )
        .choices([...doubtPolicies])
        .default('warn'),
    );
}

function addPlaceOptions(command: Command): void {
  command
    .option('--ep <name>', `execution provider: ${providerNames.join(', ')}`, 'cpu')
    .option('--strict-ep', 'fail when a node would fall back to the CPU')
    .option('--threads <n>', 'intra-op threads (default: usable cores)')
    .option('--instances <n>', 'processes that run side by side', '1')
    .option('--batch <n>', 'batch size (default: the model’s own, or 1)')
    .option('--batch-dim <name>', 'the dimension that is the batch (default: found by name or position)')
    .option('--dim <name=n>', 'length of a symbolic dimension; repeatable', collect)
    .option('--shape <input=AxBxC>', 'whole shape of an input; repeatable', collect)
    .option(
      '--input <name=value>',
      'value of an input: number, range 0..N, list, .npy or .pb file; repeatable',
      collect,
    );
}

function addProtocolOptions(command: Command): void {
  command
    .option('--budget <time>', 'time to measure in, all scenarios together', '3m')
    .option('--max-pairs <n>', 'most pairs of blocks a scenario', '100')
    .option('--seed <n>', 'seed of synthetic inputs and of the order of blocks', '0')
    .addOption(
      new Option('--optimization <level>', 'graph optimization level').choices([...optimizationLevels]).default('all'),
    )
    .option('--timeout <time>', 'longest silence of a process before it is killed', '120s')
    .option('--lock-timeout <time>', 'longest wait for another gate on this machine', '30m');
}

function addModeOptions(command: Command): void {
  command
    .option('--baseline <path>', 'stored figures of the base: a file, or a folder of one file a machine')
    .option('--update-baseline <reason>', 'write this head’s figures into the baseline, and why')
    .option('--calibrate', 'measure the base against itself: what can this machine tell in the budget?')
    .option('--resume [file]', 'go on with the blocks of a gate that was cut off (default: .infer/gate.jsonl)')
    .option('--replay <result>', 'judge a saved gate again without running, also under other limits');
}
