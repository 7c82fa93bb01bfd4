import type { Command } from 'commander';
import { addOutputOptions, collect } from './shared-options.ts';
import type { ViewFlags } from './view-options.ts';
import { addViewOptions } from './view-options.ts';

/** Options of `infer inspect` as text, from flags, config and defaults. */
export interface InspectFlags extends ViewFlags {
  readonly dim?: readonly string[];
  readonly verify?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

const examples = `
Examples:
  $ infer inspect model.onnx
  $ infer inspect model.onnx --dim batch=1 --dim seq=128 --details
  $ infer inspect model.onnx --verify --json -o inspect.json
  $ infer inspect model.onnx --tree --format markdown >> "$GITHUB_STEP_SUMMARY"`;

/** Declares the flags of `infer inspect`. */
export function addInspectOptions(command: Command, formats: readonly string[]): Command {
  command
    .argument('[model]', 'ONNX file')
    .option('--dim <name=n>', 'length of a symbolic dimension, by its name or INPUT#AXIS; repeatable', collect)
    .option('--verify', 'load the model in onnxruntime too, and compare data files with their checksums');
  return addOutputOptions(addViewOptions(command), formats)
    .option('--config <file>', 'config file (default: infer.config.{json,yaml,yml}, found upward)')
    .addHelpText('after', examples);
}
