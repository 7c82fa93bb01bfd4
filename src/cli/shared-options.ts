import { Option } from 'commander';
import type { Command } from 'commander';

/** Flags that every command which prints a result has. */
export function addOutputOptions(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option('--format <format>', 'format of the result').choices([...formats]).default('table'))
    .option('--json', 'same as --format json')
    .option('-q, --quiet', 'no progress, no remarks on stderr')
    .option(
      '-o, --output <file>',
      'also write the result to a file (format by its extension unless --format is given)',
    );
}

/** Flags of commands that write a model: the model is the output, the result goes to stdout and `--report`. */
export function addModelOutputOptions(command: Command, formats: readonly string[]): Command {
  return command
    .option('-o, --output <model>', 'the model to write (default: <name>.<what>.onnx beside the input)')
    .option('--force', 'overwrite an existing output')
    .option('--report <file>', 'also write the result to a file (format by its extension)')
    .option('--details', 'print the longest lists in full')
    .addOption(new Option('--format <format>', 'format of the result').choices([...formats]).default('table'))
    .option('--json', 'same as --format json')
    .option('-q, --quiet', 'no progress, no remarks on stderr');
}

/** Flags that say what a model is fed where its outputs are compared. */
export function addInputOptions(command: Command, seed = 'seed of synthetic inputs'): Command {
  return command
    .option('--shape <input=AxBxC>', 'whole shape of an input; repeatable', collect)
    .option(
      '--input <name=value>',
      'value of an input: number, range 0..N, list, .npy or .pb file; repeatable',
      collect,
    )
    .option('--data <path>', 'inputs from an .npz, a folder of .npy or an ONNX test_data_set')
    .option('--samples <n>', 'most samples to read from --data')
    .option('--seed <n>', seed, '0');
}

/** Flags that say how the samples of a dataset feed a model. */
export interface DatasetFlags {
  readonly dim?: readonly string[];
  readonly shape?: readonly string[];
  readonly input?: readonly string[];
  /** One text from the command line; `key=value` each from a table in the config. */
  readonly preprocess?: string | readonly string[];
  readonly tokenizer?: string;
}

/** Adds the flags of {@link DatasetFlags}. */
export function addDatasetOptions(command: Command): Command {
  return command
    .option('--dim <name=n>', 'length of a symbolic dimension; repeatable', collect)
    .option('--shape <input=AxBxC>', 'whole shape of an input; repeatable', collect)
    .option('--input <name=value>', 'value of an input, the same for all samples; repeatable', collect)
    .option('--preprocess <list>', 'what is done to images: resize=256,crop=224,mean=0.5,std=0.5,…')
    .option('--tokenizer <file>', 'tokenizer.json for data that are texts');
}

/** Repeatable flag: collects its values. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
