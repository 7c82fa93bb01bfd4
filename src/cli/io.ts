import type { Runtime } from '../runtime/runtime.ts';

/** A stream that takes text. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The outside world of the command line: injected, so that a test runs the whole of it with buffers. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  readonly openRuntime: () => Promise<Runtime>;
  /** Calls back on SIGINT, SIGTERM and SIGHUP instead of dying; returns the way to stop that. */
  onInterrupt(callback: () => void): () => void;
}

const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function processIo(process: NodeJS.Process): Io {
  // A reader that left (`| head`) is no error of ours: what was asked for has been printed as far as anyone read.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['CI'] === undefined,
    env: process.env,
    cwd: process.cwd(),
    now: () => new Date(),
    openRuntime: async () => (await import('../commands/create-runtime.ts')).createRuntime(),
    onInterrupt(callback) {
      for (const signal of interruptSignals) process.on(signal, callback);
      return () => {
        for (const signal of interruptSignals) process.off(signal, callback);
      };
    },
  };
}

/** Whether to color: FORCE_COLOR and NO_COLOR decide, else a terminal that is not dumb. */
export function wantsColor(stream: OutputStream, env: Io['env']): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (no !== undefined && no !== '') return false;
  return stream.isTTY === true && term !== 'dumb';
}
