import type { GpuMonitorProblem } from './gpu-monitor.ts';
import { parseSample } from './gpu-sample.ts';
import type { GpuSample } from './gpu-sample.ts';
import { lineReader } from './line-reader.ts';
import { smiArguments } from './smi-query.ts';
import type { SmiQuery } from './smi-query.ts';

export interface SmiOptions {
  /** The program; found on PATH unless it is a path. */
  readonly file: string;
  /** As nvidia-smi's `-i` takes it: an index, a UUID or a bus id. */
  readonly device: string;
  readonly intervalMs: number;
  /** Longest wait for the first line: without persistence mode the driver is started for it, which takes seconds. */
  readonly startTimeoutMs: number;
  /** Longest silence after it. */
  readonly silenceMs: number;
  nowMs(): number;
}

/** Lines in a row that are no samples before it is given up. */
const mostUnreadable = 20;
/** Kept of what it said that is no sample. */
const saidLength = 300;
/** A process that hangs in the driver cannot be ended by any signal. */
const endTimeoutMs = 1000;

export interface SmiEvents {
  readonly onSample: (sample: GpuSample) => void;
  /** Once: it is over, by itself or given up. */
  readonly onEnd: (problem: GpuMonitorProblem) => void;
}

export interface SmiProcess {
  stop(): Promise<void>;
}

/** One nvidia-smi that prints a line every interval. Never throws: what goes wrong is told as its end. */
export async function startSmi(query: SmiQuery, options: SmiOptions, events: SmiEvents): Promise<SmiProcess> {
  const { execa } = await import('execa');
  const child = execa(options.file, smiArguments(query, options.device, options.intervalMs), {
    buffer: false,
    reject: false,
    stdin: 'ignore',
    // Its sentences are told apart by their words.
    env: { LC_ALL: 'C' },
  });
  const watch = new SmiWatch(query, options, {
    ...events,
    onEnd: (problem) => {
      child.kill('SIGKILL');
      events.onEnd(problem);
    },
  });
  const read = lineReader((line) => watch.onLine(line));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read);
  const gone = child.then((result) => watch.onExit(result));
  return {
    stop: async () => {
      watch.close();
      child.kill('SIGKILL');
      await Promise.race([gone, afterMs(endTimeoutMs)]);
      // One that cannot be ended must not keep this process alive.
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    },
  };
}

/** Tells samples from noise and notices when no more are to be had. */
class SmiWatch {
  readonly #query: SmiQuery;
  readonly #options: SmiOptions;
  readonly #events: SmiEvents;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;
  #unreadable = 0;
  #said = '';

  constructor(query: SmiQuery, options: SmiOptions, events: SmiEvents) {
    this.#query = query;
    this.#options = options;
    this.#events = events;
    this.#await(options.startTimeoutMs);
  }

  onLine(line: string): void {
    if (this.#isOver) return;
    const sample = parseSample(line, this.#query, this.#options.nowMs());
    if (sample === null) {
      this.#said = `${this.#said} ${line}`.trim().slice(0, saidLength);
      this.#unreadable += 1;
      if (this.#unreadable >= mostUnreadable) this.#end({ kind: 'unreadable', said: this.#said });
      return;
    }
    this.#unreadable = 0;
    this.#said = '';
    this.#await(this.#options.silenceMs);
    this.#events.onSample(sample);
  }

  onExit(result: { readonly code?: string | undefined; readonly exitCode?: number | undefined }): void {
    if (result.code === 'ENOENT' || result.code === 'EACCES') this.#end({ kind: 'absent' });
    else this.#end({ kind: 'ended', exitCode: result.exitCode ?? null, said: this.#said });
  }

  /** Nothing is told any more. */
  close(): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #await(waitedMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end({ kind: 'silent', waitedMs }), waitedMs);
  }

  #end(problem: GpuMonitorProblem): void {
    if (this.#isOver) return;
    this.close();
    this.#events.onEnd(problem);
  }
}

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
