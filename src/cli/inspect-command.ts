import { envelopeOf } from '../commands/envelope.ts';
import type { Inspected, InspectRequest } from '../commands/inspect.ts';
import { inspect } from '../commands/inspect.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import { formatsOf } from '../report/reporters.ts';
import { readCommandConfig } from './command-config.ts';
import type { BuildCommand } from './command-context.ts';
import { assignments } from './flag-values.ts';
import type { InspectFlags } from './inspect-options.ts';
import { addInspectOptions } from './inspect-options.ts';
import type { Io } from './io.ts';
import { askForModels } from './prompts.ts';
import { outputChoice, showResult } from './show-result.ts';
import { startSpinner } from './spinner.ts';
import { parseCount } from './value-syntax.ts';
import { version } from './version.ts';
import { readView } from './view-options.ts';

/** `infer inspect MODEL` */
export const buildInspectCommand: BuildCommand = (command, { io, words }) => {
  addInspectOptions(command, formatsOf('inspect')).action(async (named: string | undefined) => {
    const { flags, models } = await readCommandConfig<InspectFlags>(command, 'inspect', io);
    const [modelPath = ''] = named === undefined ? (models.length > 0 ? models : await askForModels(io)) : [named];
    const view = readView(flags);
    const request: InspectRequest = {
      modelPath,
      dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
      rows: view.top,
      verify: flags.verify === true,
    };
    const output = { ...outputChoice(command, 'inspect'), view };
    if (output.file !== null) checkWritable(output.file.path, [modelPath]);
    const { result, failure } = await look({ request, words, quiet: flags.quiet === true, io });
    await showResult(result, output, io);
    if (failure !== null) throw failure;
  });
};

interface Looking {
  readonly request: InspectRequest;
  readonly words: readonly string[];
  readonly quiet: boolean;
  readonly io: Io;
}

/** Without a process to end, Ctrl-C needs no help of ours; nor would it get any while nothing is waited for. */
async function look({ request, words, quiet, io }: Looking): Promise<Inspected> {
  const spinner = quiet || !request.verify ? null : await startSpinner(io, 'loading the model in onnxruntime');
  const interruption = new AbortController();
  const stopListening = request.verify ? io.onInterrupt(() => interruption.abort()) : () => undefined;
  try {
    return await inspect(request, {
      runtime: await io.openRuntime(),
      envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
      signal: interruption.signal,
    });
  } finally {
    stopListening();
    spinner?.stop();
  }
}
