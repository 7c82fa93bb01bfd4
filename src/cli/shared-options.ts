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

/** Repeatable flag: collects its values. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}
