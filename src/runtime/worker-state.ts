import { Socket } from 'node:net';
import { arenaPeakOf } from './arena-peak.ts';
import type { GenerationModel } from './generation/generation-model.ts';
import type { GenerationReport } from './generation/generation.ts';
import { GenerationLoop } from './generation/generation-loop.ts';
import { generateOnce } from './generation/generate-once.ts';
import { LoadedSessions } from './loaded-sessions.ts';
import { measureLoop } from './measure-loop.ts';
import { monotonicNowMs, monotonicOffsetMs } from './monotonic-clock.ts';
import { profileOf } from './node-profile.ts';
import { fromOutputs, openOnnxSession, toFeeds } from './onnxruntime.ts';
import type { Feeds, OnnxSession } from './onnxruntime.ts';
import { placementOf } from './placement.ts';
import { readPeakRssBytes } from './peak-rss.ts';
import { profileRuns } from './profile-runs.ts';
import type { RunProfile } from './run-profile.ts';
import type { Measurement, MeasureRule, WarmUpReport, WarmUpRule } from './runtime.ts';
import { warmUpLoop } from './warm-up-loop.ts';
import { firstRequestFd } from './serve/request-fd.ts';
import { RequestQueue } from './serve/request-queue.ts';
import type { QueueTurn } from './serve/request-queue.ts';
import { serveRequests } from './serve/serve-requests.ts';
import type { ServedLog } from './serve/serve-requests.ts';
import type { WorkerCalls, WorkerRequest } from './worker-protocol.ts';

/** Between two signs of life of a process that waits for requests. */
const aliveMs = 500;

/** About one of several models. */
type LoadedRequest = Extract<
  WorkerRequest,
  { call: 'load' | 'runLoaded' | 'shapesLoaded' | 'keep' | 'kept' | 'advance' | 'release' }
>;

/** The measuring process: one session, its inputs, and the answers to the parent's calls; or several to be run only. */
export class WorkerState {
  #session: OnnxSession | null = null;
  #pool: readonly Feeds[] = [];
  /** In the place of the pool, where requests were handed over. */
  #requests: GenerationLoop | null = null;
  #queue: RequestQueue | null = null;
  readonly #loaded = new LoadedSessions();
  readonly #onAlive: (nowMs: number) => void;

  constructor(onAlive: (nowMs: number) => void) {
    this.#onAlive = onAlive;
  }

  async answer(request: WorkerRequest): Promise<WorkerCalls[WorkerRequest['call']]['result']> {
    switch (request.call) {
      case 'open':
        return this.#open(request.argument);
      case 'run':
        return this.#run(request.argument);
      case 'setInputs':
        this.#pool = request.argument.map(toFeeds);
        this.#requests = null;
        return null;
      case 'setRequests':
        this.#requests = new GenerationLoop(this.#generator(request.argument.model), request.argument.requests);
        return null;
      case 'generate':
        return this.#generate(request.argument);
      case 'warmUp':
        return this.#warmUp(request.argument);
      case 'measure':
        return this.#measure(request.argument);
      case 'serve':
        return this.#serve(request.argument);
      case 'issue':
        throw new Error('requests are issued by another process');
      case 'peakRssBytes':
        return readPeakRssBytes();
      case 'placement':
        return placementOf(request.argument.options, request.argument.feeds);
      case 'arenaPeak':
        return arenaPeakOf(request.argument.options, request.argument.feeds);
      case 'profile':
        return this.#profile(request.argument);
      case 'profileRuns':
        return this.#profileRuns(request.argument);
      default:
        return this.#answerLoaded(request);
    }
  }

  async #answerLoaded(request: LoadedRequest): Promise<WorkerCalls[LoadedRequest['call']]['result']> {
    switch (request.call) {
      case 'load':
        return this.#loaded.load(request.argument);
      case 'runLoaded':
        return this.#loaded.run(request.argument);
      case 'shapesLoaded':
        return this.#loaded.shapes(request.argument);
      case 'keep':
        return this.#keep(request.argument);
      case 'kept':
        return this.#loaded.kept(request.argument.id, request.argument.names);
      case 'advance':
        return this.#loaded.advance(request.argument);
      case 'release':
        await this.#loaded.release(request.argument);
        return null;
    }
  }

  async #open(options: WorkerCalls['open']['argument']): Promise<WorkerCalls['open']['result']> {
    const startMs = performance.now();
    this.#session = await openOnnxSession(options);
    return { signature: this.#session.signature, loadMs: performance.now() - startMs };
  }

  async #run(tensors: WorkerCalls['run']['argument']): Promise<WorkerCalls['run']['result']> {
    const { session } = this.#loop();
    const feeds = toFeeds(tensors);
    const startMs = performance.now();
    const outputs = await session.run(feeds);
    const elapsedMs = performance.now() - startMs;
    return { outputs: fromOutputs(outputs), elapsedMs };
  }

  async #warmUp(rule: WarmUpRule): Promise<WarmUpReport> {
    const report = await (this.#requests?.warmUp(rule) ?? warmUpLoop({ ...this.#loop(), rule }));
    // The garbage of loading and warming up is none of the measurement's business. Collected here, for it may take
    // longer than is left to the barrier once that is set, and an instance that comes late shortens the common window.
    globalThis.gc?.();
    return report;
  }

  async #measure(rule: MeasureRule): Promise<Measurement> {
    const requests = this.#requests;
    const loop = this.#loop();
    await sleepUntil(rule.startAtMs);
    const before = process.resourceUsage();
    const recorder = await (requests?.measure(rule) ?? measureLoop({ ...loop, rule }));
    const after = process.resourceUsage();
    const userUs = after.userCPUTime - before.userCPUTime;
    const systemUs = after.systemCPUTime - before.systemCPUTime;
    return {
      ...recorder.finish(monotonicOffsetMs()),
      cpuMs: (userUs + systemUs) / 1000,
      involuntarySwitches: after.involuntaryContextSwitches - before.involuntaryContextSwitches,
      ...(requests !== null && { tokens: requests.takeTimes() }),
    };
  }

  async #serve(turn: QueueTurn): Promise<ServedLog> {
    const loop = this.#loop();
    this.#queue ??= new RequestQueue(new Socket({ fd: firstRequestFd }), monotonicNowMs);
    this.#queue.begin(turn);
    // Requests may be far between.
    const alive = setInterval(() => this.#onAlive(performance.now()), aliveMs);
    try {
      return await serveRequests({ ...loop, source: this.#queue }, monotonicOffsetMs());
    } finally {
      clearInterval(alive);
    }
  }

  #profile({ options, feeds, runs }: WorkerCalls['profile']['argument']): Promise<WorkerCalls['profile']['result']> {
    return profileOf(options, { feeds, runs, onAlive: this.#onAlive });
  }

  #profileRuns({ options, ...asked }: WorkerCalls['profileRuns']['argument']): Promise<RunProfile> {
    return profileRuns(options, { ...asked, onAlive: this.#onAlive });
  }

  #keep({ id, tensors }: WorkerCalls['keep']['argument']): null {
    this.#loaded.keep(id, tensors);
    return null;
  }

  #generate({ model, request }: WorkerCalls['generate']['argument']): Promise<GenerationReport> {
    return generateOnce(this.#generator(model), request);
  }

  #generator(model: GenerationModel) {
    const { session, now, onAlive } = this.#loop();
    return { session, now, onAlive, model };
  }

  #loop() {
    if (this.#session === null) throw new Error('no model is open');
    return { session: this.#session, pool: this.#pool, now: () => performance.now(), onAlive: this.#onAlive };
  }
}

/** Sleeps to 2 ms before the barrier, for timers are coarse, and spins the rest. */
async function sleepUntil(atMs: number): Promise<void> {
  const coarseMs = atMs - monotonicNowMs() - 2;
  if (coarseMs > 0) await new Promise((resolve) => setTimeout(resolve, coarseMs));
  while (monotonicNowMs() < atMs);
}
