import type { Io, OutputStream } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';

/** What a test decides of the world around `infer`. */
export interface World {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly runtime?: Runtime;
  /** Whether stdout is a terminal. */
  readonly isTTY?: boolean;
  /** Handed the callback of Ctrl-C. */
  readonly onInterrupt?: (interrupt: () => void) => void;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with buffers for streams and nobody to ask. */
export async function runInfer(words: readonly string[], world: World = {}): Promise<Outcome> {
  const stdout = bufferedStream(world.isTTY);
  const stderr = bufferedStream(false);
  const io: Io = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    isInteractive: false,
    env: world.env ?? {},
    cwd: world.cwd ?? process.cwd(),
    now: () => new Date('2025-03-04T05:06:07Z'),
    openRuntime: () =>
      world.runtime === undefined ? Promise.reject(new Error('no runtime expected')) : Promise.resolve(world.runtime),
    onInterrupt: (callback) => {
      world.onInterrupt?.(callback);
      return () => undefined;
    },
  };
  const exitCode = await main(['node', 'infer', ...words], io);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function bufferedStream(isTTY = false): { stream: OutputStream; text: () => string } {
  const parts: string[] = [];
  return { stream: { isTTY, write: (part) => parts.push(part) }, text: () => parts.join('') };
}
