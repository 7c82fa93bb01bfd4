import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { LoadedServer, ServedRequests, ServeRule, ServerOptions } from './serve/loaded-server.ts';

/** What a scripted server asks of the script and does to its clock. */
export interface ScriptedService {
  /** Service time of the next request. */
  readonly serviceMs: (feeds: NamedTensors) => number;
  /** How late a request is issued; 0 unless given. */
  readonly issueDelayMs?: ((request: number, arrivalMs: number) => number) | undefined;
  readonly advance: (ms: number) => void;
  readonly onClose: () => void;
  readonly loadMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Plays requests through a queue in no time: each goes to the instance that is free first, in the order of issue. */
export class ScriptedServer implements LoadedServer {
  readonly loadMs: number;
  readonly pids: readonly number[];
  readonly generatorPid = 0;
  readonly #service: ScriptedService;
  #pool: readonly NamedTensors[] = [];

  constructor({ instances }: Pick<ServerOptions, 'instances'>, service: ScriptedService) {
    this.#service = service;
    this.loadMs = service.loadMs;
    this.pids = Array.from({ length: instances }, () => 0);
  }

  setInputs(pool: readonly NamedTensors[]): Promise<void> {
    this.#pool = pool;
    return Promise.resolve();
  }

  warmUp({ minRuns }: { readonly minRuns: number }): Promise<void> {
    for (let run = 0; run < minRuns; run++) this.#service.advance(this.#service.serviceMs(this.#feeds(run)));
    return Promise.resolve();
  }

  async serve({ arrivalsMs, drainMs }: ServeRule): Promise<ServedRequests> {
    const { serviceMs, issueDelayMs, advance, signal } = this.#service;
    const empty = () => new Float64Array(arrivalsMs.length).fill(Number.NaN);
    const [issuedMs, startsMs, endsMs] = [empty(), empty(), empty()];
    const freeAtMs = new Float64Array(this.pids.length);
    const endAtMs = (arrivalsMs.at(-1) ?? 0) + drainMs;
    let handedOverMs = 0;
    for (const [request, arrivalMs] of arrivalsMs.entries()) {
      signal?.throwIfAborted();
      handedOverMs = Math.max(handedOverMs, arrivalMs + (issueDelayMs?.(request, arrivalMs) ?? 0));
      if (handedOverMs >= endAtMs) break;
      issuedMs[request] = handedOverMs;
      const instance = freeAtMs.indexOf(Math.min(...freeAtMs));
      const startMs = Math.max(handedOverMs, freeAtMs[instance] ?? 0);
      if (startMs >= endAtMs) continue;
      startsMs[request] = startMs;
      endsMs[request] = startMs + serviceMs(this.#feeds(request));
      freeAtMs[instance] = endsMs[request] ?? 0;
    }
    advance(Math.max(arrivalsMs.at(-1) ?? 0, ...freeAtMs));
    return { issuedMs, startsMs, endsMs };
  }

  close(): Promise<void> {
    this.#service.onClose();
    return Promise.resolve();
  }

  #feeds(request: number): NamedTensors {
    return this.#pool[request % this.#pool.length] ?? {};
  }
}
