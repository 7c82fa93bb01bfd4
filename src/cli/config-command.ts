import type { BuildCommand } from './command-context.ts';
import { readConfig } from './config-file.ts';
import { configJsonSchema } from './config-schema.ts';

const examples = `
Examples:
  $ infer config schema > infer.schema.json
  $ infer config check
  $ infer config check infer.config.yaml`;

/** `infer config schema`, `infer config check [FILE]` */
export const buildConfigCommand: BuildCommand = (command, { io }) => {
  command.addHelpText('after', examples);
  command
    .command('schema')
    .description('print the JSON Schema of the config file')
    .action(() => {
      io.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    });
  command
    .command('check')
    .argument('[file]', 'config file (default: the one found upward)')
    .description('read a config file and print what it says')
    .action(async (file: string | undefined) => {
      io.stdout.write(`${JSON.stringify(await readConfig(file, io.cwd), null, 2)}\n`);
    });
};
