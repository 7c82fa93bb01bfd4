import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { Duplex } from 'node:stream';
import { RuntimeError } from '../errors.ts';
import { pinnedLaunch } from './pin-process.ts';
import type { Launch } from './pin-process.ts';
import { attach, detach, SideChannel } from './side-channel.ts';
import type { WorkerCall, WorkerCalls, WorkerReply } from './worker-protocol.ts';

/** File descriptor beside which messages' large arrays travel. */
const sideChannelFd = 4;

/** Kept of what the process wrote to stderr: the end, where the reason of a crash stands. */
const stderrTailLength = 2000;

/** onnxruntime's text for a call it refused; sorted by classifyFailure where the call is known. */
export class WorkerFailure extends Error {}

export interface WorkerProcessOptions {
  readonly entry: string;
  /** For messages. */
  readonly modelPath: string;
  /** Longest silence before the process is killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Further flags of Node. */
  readonly nodeFlags?: readonly string[];
  /** Processors to hold it to, from its start on. */
  readonly processors?: readonly number[];
  /** Arguments of the entry. */
  readonly entryArguments?: readonly string[];
  /** Its file descriptors from the sixth on: pipes to it, or ends of pipes that it gets a copy of. */
  readonly pipes?: readonly ('pipe' | Duplex)[];
}

/** Signals that a terminal or a job scheduler sends to a whole group, so that they are on their way to us as well. */
const groupSignals: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);
/** Time for such a signal to reach this process and become an abort. */
const graceMs = 200;

/** The longest a timer waits, 24 days: it fires at once when asked for more. */
const longestTimerMs = 2 ** 31 - 1;

/** What errors say of a call: the model it is about and what was done with it. */
export interface CallSubject {
  readonly model: string;
  readonly stage: string;
}

interface Pending {
  readonly subject: CallSubject;
  readonly resolve: (reply: WorkerCalls[WorkerCall]['result']) => void;
  readonly reject: (error: unknown) => void;
}

const living = new Set<ChildProcess>();

/** Whatever ends this process ends its children with it. */
process.once('exit', () => {
  for (const child of living) kill(child);
});

/** A process that never started has no id: Node would send its signal to 0, which is every process of our group. */
function kill(child: ChildProcess): void {
  if (child.pid !== undefined) child.kill('SIGKILL');
}

/**
 * onnxruntime 1.30 starts a telemetry thread in each process, which tries to send and leaves a file in the temporary
 * folder. A process that measures does neither, unless the user says otherwise.
 *
 * CUDA counts GPUs from the fastest on, nvidia-smi in the order of the bus: so does the process that measures, for the
 * device that is measured to be the one that is watched.
 */
function workerEnvironment(): NodeJS.ProcessEnv {
  return { ORT_DISABLE_TELEMETRY: '1', CUDA_DEVICE_ORDER: 'PCI_BUS_ID', ...process.env };
}

/**
 * One measuring process and the calls it was asked, which it answers in their order. A silent, dead or aborted process
 * rejects them all.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #options: WorkerProcessOptions;
  readonly #channel: SideChannel;
  readonly #pending: Pending[] = [];
  #timer: NodeJS.Timeout | null = null;
  #fate: unknown = null;
  #stderr = '';
  readonly #exited: Promise<void>;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.#child = fork(options.entry, [...(options.entryArguments ?? [])], {
      serialization: 'advanced',
      ...launchOf(options),
      env: workerEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe', ...(options.pipes ?? [])],
    });
    living.add(this.#child);
    this.#channel = SideChannel.over(duplexOf(this.#child, sideChannelFd));
    this.#exited = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#listen();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The end of what the process wrote to stderr so far. */
  get stderrTail(): string {
    return this.#stderr;
  }

  /** This process's end of a pipe of its options. */
  pipe(fd: number): Duplex {
    return duplexOf(this.#child, fd);
  }

  /** Asks and waits. Rejects with WorkerFailure, RuntimeError ('process-*') or the signal's reason. */
  call<C extends WorkerCall>(
    call: C,
    argument: WorkerCalls[C]['argument'],
    subject: CallSubject = { model: this.#options.modelPath, stage: call },
  ): Promise<WorkerCalls[C]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#fate !== null) return reject(this.#fate);
      // The worker answers in the order in which it was asked, so the reply has this call's type.
      this.#pending.push({ subject, resolve: resolve as Pending['resolve'], reject });
      this.#restartTimer();
      // That the process is gone is told by its end, with the signal it died of; one that never started cannot be sent to.
      if (this.#child.pid === undefined) return;
      const { message, parts } = detach(argument);
      this.#child.send({ call, argument: message }, () => undefined);
      this.#channel.write(parts);
    });
  }

  /** Kills the process and waits until it is gone. */
  async close(): Promise<void> {
    this.#end(new RuntimeError('process-unstartable', { problem: 'the session was closed' }));
    await this.#exited;
  }

  #listen(): void {
    const { signal } = this.#options;
    const onAbort = () => this.#end(signal?.reason);
    if (signal?.aborted === true) onAbort();
    // As many instances as are asked for listen at once: no leak that Node should warn of.
    if (signal !== undefined) setMaxListeners(0, signal);
    signal?.addEventListener('abort', onAbort, { once: true });
    let turn = Promise.resolve();
    this.#child.on('message', (message: WorkerReply) => {
      if (message.kind === 'alive') {
        if (this.#pending.length > 0) this.#restartTimer();
        return;
      }
      // A reply is whole when what comes beside it is there, and that comes in the replies' order.
      turn = turn.then(() => this.#onReply(message));
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrTailLength);
    });
    this.#child.once('error', (cause) =>
      this.#end(new RuntimeError('process-unstartable', { problem: cause.message }, { cause })),
    );
    this.#child.once('close', (code, signalName) => {
      living.delete(this.#child);
      const end = () => {
        signal?.removeEventListener('abort', onAbort);
        this.#end(this.#crashed(code, signalName));
      };
      // A process that is still starting can die of Ctrl-C before this one hears of it: that is no crash.
      if (signalName !== null && groupSignals.has(signalName)) setTimeout(end, graceMs);
      else end();
    });
  }

  async #onReply(message: Exclude<WorkerReply, { kind: 'alive' }>): Promise<void> {
    // What was sent is what the worker answered, its arrays put back in their places.
    const result =
      message.kind === 'done' ? ((await attach(message.result, this.#channel)) as typeof message.result) : null;
    const pending = this.#settle();
    if (message.kind === 'done') pending?.resolve(result);
    else pending?.reject(new WorkerFailure(message.problem));
  }

  #restartTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { timeoutMs } = this.#options;
    this.#timer = setTimeout(
      () => this.#end(new RuntimeError('process-timeout', { ...this.#subject(), timeoutMs })),
      Math.min(timeoutMs, longestTimerMs),
    );
  }

  #settle(): Pending | null {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const pending = this.#pending.shift() ?? null;
    if (this.#pending.length > 0) this.#restartTimer();
    return pending;
  }

  /** Kills the process, once, and tells whoever waits. The first reason is the one that counts. */
  #end(reason: unknown): void {
    this.#fate ??= reason;
    while (this.#pending.length > 0) this.#settle()?.reject(this.#fate);
    if (this.#timer !== null) clearTimeout(this.#timer);
    kill(this.#child);
  }

  #crashed(exitCode: number | null, signal: string | null): RuntimeError {
    if (/heap out of memory|bad_alloc/.test(this.#stderr))
      return new RuntimeError('out-of-memory', { ...this.#subject(), problem: 'the process ran out of memory' });
    return new RuntimeError('process-crashed', { ...this.#subject(), signal, exitCode });
  }

  #subject(): CallSubject {
    return this.#pending[0]?.subject ?? { model: this.#options.modelPath, stage: 'idle' };
  }
}

function launchOf({ nodeFlags = [], processors }: WorkerProcessOptions): { execPath: string; execArgv: string[] } {
  const plain: Launch = { execPath: process.execPath, execArgv: ['--expose-gc', ...nodeFlags] };
  const { execPath, execArgv } = processors === undefined ? plain : pinnedLaunch(plain, processors);
  return { execPath, execArgv: [...execArgv] };
}

/** The stream behind a file descriptor of the process, which both sides write and read. */
function duplexOf({ stdio }: ChildProcess, fd: number): Duplex {
  // Node's types end with the fifth.
  const stream: unknown = Array.from<unknown>(stdio)[fd];
  // A process that could not be started has none.
  return stream instanceof Duplex ? stream : new Duplex({ read: () => undefined, write: (_, __, done) => done() });
}
