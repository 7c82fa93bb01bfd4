import { Command, CommanderError } from 'commander';
import { commandTable } from './command-table.ts';
import type { CommandContext } from './command-context.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/**
 * Runs one command line and returns its exit code. The only place that catches: a user's mistake is one sentence on
 * stderr, anything else is a bug and shows its stack.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok;
  try {
    const finish = (code: number) => {
      exitCode = code;
    };
    const program = await buildProgram({ io, words: argv.slice(2), finish });
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { reportFailure } = await import('./report-failure.ts');
    return reportFailure(error, io);
  }
}

async function buildProgram(context: CommandContext): Promise<Command> {
  const { io, words } = context;
  const program = new Command('infer')
    .description('What an ONNX model costs to run, what makes it cost less, and what keeps it that way.')
    .version(version())
    .exitOverride()
    // A command with commands of its own reads their flags only where they stand behind it.
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)');
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  const called = first === 'help' ? second : first;
  for (const { name, alias, summary, load } of commandTable) {
    const command = program.command(name).summary(summary).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (called !== undefined && (name === called || alias === called)) (await load())(command, context);
  }
  if (words.length === 0) program.action(() => program.help());
  return program;
}
