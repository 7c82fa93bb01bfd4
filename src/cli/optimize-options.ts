import type { Command } from 'commander';
import { optimizeTargets } from '../commands/optimize-vocabulary.ts';
import { choice } from './judging-options.ts';
import { addDataPlaceOptions } from './place-of-data.ts';
import type { DataPlaceFlags } from './place-of-data.ts';
import { addInputOptions, addModelOutputOptions, collect } from './shared-options.ts';

/** Options of `infer optimize` as text, from flags, config and defaults. */
export interface OptimizeFlags extends DataPlaceFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly acceptWorse?: boolean;
  readonly dim?: readonly string[];
  readonly dynamicBatch?: boolean;
  readonly opset?: string;
  readonly inlineFunctions?: boolean;
  readonly skip?: string;
  readonly target: string;
  readonly verify: boolean;
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  readonly data?: string;
  readonly samples?: string;
  readonly seed: string;
  readonly atol: string;
  readonly rtol: string;
  readonly bench?: boolean;
  readonly threads?: string;
  readonly budget: string;
  readonly timeout: string;
  readonly details?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Examples:
  $ infer optimize model.onnx
  $ infer optimize model.onnx -o clean.onnx --dim batch=1 --bench
  $ infer optimize old.onnx --opset 21 --dynamic-batch
  $ infer optimize model.onnx --target webgpu
  $ infer optimize big.onnx --external-data -o out/big.onnx`;

/** Declares the flags of `infer optimize`. */
export function addOptimizeOptions(command: Command, formats: readonly string[]): Command {
  addModelOutputOptions(command.argument('[model]', 'ONNX file'), formats)
    .option('--dim <name=n>', 'fix a symbolic dimension (baked into the model); repeatable', collect)
    .option('--dynamic-batch', 'make the batch dimension symbolic')
    .option('--opset <n>', 'upgrade the standard operators to this opset')
    .option('--inline-functions', 'put the bodies of model-local functions where they are called')
    .option('--skip <passes>', 'clean-up passes to leave out, separated by commas')
    .addOption(
      choice(
        '--target <name>',
        'where the model is going to run: what is computed wrong there is avoided',
        optimizeTargets,
      ).default('cpu'),
    );
  addDataPlaceOptions(command)
    .option('--no-verify', 'do not compare the outputs of both models')
    .option('--accept-worse', 'write the model even if outputs differ')
    .option('--atol <x>', 'tolerance as a share of an output’s largest element', '1e-4')
    .option('--rtol <x>', 'tolerance as a share of the element itself', '1e-3');
  return addInputOptions(command)
    .option('--bench', 'measure the latency of both models')
    .option('--threads <n>', 'intra-op threads of --bench (default: usable cores)')
    .option('--budget <time>', 'time for --bench', '20s')
    .option('--timeout <time>', 'longest silence of a process before it is killed', '120s')
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}
