import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { monotonicNowMs } from '../monotonic-clock.ts';
import { ProcessSession } from '../process-session.ts';
import type { WarmUpRule } from '../runtime.ts';
import { WorkerProcess } from '../worker-process.ts';
import type { LoadedServer, ServedRequests, ServeRule, ServerOptions } from './loaded-server.ts';
import type { ServedLog } from './serve-requests.ts';

export interface OpenServerOptions extends ServerOptions {
  /** Compiled entries of the processes that answer, and of the one that issues. */
  readonly entry: string;
  readonly generatorEntry: string;
  readonly signal?: AbortSignal | undefined;
}

/** Between the word to start and the first moment of the schedule: enough for it to reach every process. */
const leadMs = 50;

/** Sessions in processes of their own, and one more process that sends them requests without asking this one. */
export class ProcessServer implements LoadedServer {
  readonly loadMs: number;
  readonly pids: readonly number[];
  readonly generatorPid: number;
  readonly #sessions: readonly ProcessSession[];
  readonly #generator: WorkerProcess;
  #turn = 0;

  private constructor(sessions: readonly ProcessSession[], generator: WorkerProcess) {
    this.#sessions = sessions;
    this.#generator = generator;
    this.loadMs = Math.max(...sessions.map((session) => session.loadMs));
    this.pids = sessions.map(({ pid }) => pid);
    this.generatorPid = generator.pid;
  }

  /** Starts the processes and loads the model in each that answers. Throws ModelError or RuntimeError; leaves none behind. */
  static async open(options: OpenServerOptions): Promise<ProcessServer> {
    const sessions = await openSessions(options);
    return new ProcessServer(sessions, startGenerator(sessions, options));
  }

  async setInputs(pool: readonly NamedTensors[]): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.setInputs(pool)));
  }

  async warmUp(rule: WarmUpRule): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.warmUp(rule)));
  }

  async serve({ arrivalsMs, drainMs, maySpin }: ServeRule): Promise<ServedRequests> {
    this.#turn += 1;
    const turn = this.#turn;
    const startAtMs = monotonicNowMs() + leadMs;
    const endAtMs = startAtMs + (arrivalsMs.at(-1) ?? 0) + drainMs;
    const acknowledges = this.#sessions.length > 1;
    const [issuedMs, ...logs] = await Promise.all([
      this.#generator.call('issue', { turn, arrivalsMs, startAtMs, endAtMs, maySpin }),
      ...this.#sessions.map((session) => session.serve({ turn, endAtMs, acknowledges })),
    ]);
    return { issuedMs, ...joinLogs(logs, arrivalsMs.length, startAtMs) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.map((session) => session.close()), this.#generator.close()]);
  }
}

async function openSessions(options: OpenServerOptions): Promise<readonly ProcessSession[]> {
  const { instances, processorsOf } = options;
  const opened = await Promise.allSettled(
    Array.from({ length: instances }, (_, index) => {
      const processors = processorsOf?.[index];
      return ProcessSession.open({ ...options, pipes: ['pipe'], ...(processors !== undefined && { processors }) });
    }),
  );
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = opened.find((result) => result.status === 'rejected');
  if (failure === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.close()));
  throw failure.reason;
}

/** The process that issues gets a copy of each pipe's end; ours is given up, for nothing may be read here. */
function startGenerator(sessions: readonly ProcessSession[], options: OpenServerOptions): WorkerProcess {
  const pipes = sessions.map((session) => session.requestPipe);
  const { generatorEntry, modelPath, timeoutMs, signal } = options;
  const generator = new WorkerProcess({
    entry: generatorEntry,
    entryArguments: [String(pipes.length)],
    modelPath,
    timeoutMs,
    signal,
    pipes,
  });
  for (const pipe of pipes) pipe.destroy();
  return generator;
}

/** Times by request, from the start of the schedule. */
function joinLogs(
  logs: readonly ServedLog[],
  requests: number,
  startAtMs: number,
): Pick<ServedRequests, 'startsMs' | 'endsMs'> {
  const startsMs = new Float64Array(requests).fill(Number.NaN);
  const endsMs = new Float64Array(requests).fill(Number.NaN);
  for (const log of logs)
    for (const [index, request] of log.requests.entries()) {
      startsMs[request] = (log.startsMs[index] ?? Number.NaN) - startAtMs;
      endsMs[request] = (log.endsMs[index] ?? Number.NaN) - startAtMs;
    }
  return { startsMs, endsMs };
}
