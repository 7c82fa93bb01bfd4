import { envelopeOf } from '../commands/envelope.ts';
import type { Envelope } from '../commands/envelope.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** What draws a command's progress. */
interface Progress<Event> {
  readonly onEvent: (event: Event) => void;
  readonly stop: () => void;
}

/** What every use case that runs models is given beside its request. */
interface RunContext<Event> {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: Event) => void;
}

interface Listening<Event> {
  readonly io: Io;
  /** The command line after `infer`. */
  readonly words: readonly string[];
  readonly progress: Progress<Event>;
}

/** Runs a use case with a runtime, its progress drawn and Ctrl-C heard; both end with it. */
export async function runListening<Event, Result>(
  { io, words, progress }: Listening<Event>,
  useCase: (context: RunContext<Event>) => Promise<Result>,
): Promise<Result> {
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  try {
    return await useCase({
      runtime: await io.openRuntime(),
      envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
      signal: interruption.signal,
      onEvent: progress.onEvent,
    });
  } finally {
    stopListening();
    progress.stop();
  }
}
