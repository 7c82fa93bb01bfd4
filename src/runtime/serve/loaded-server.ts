import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { SessionOptions, WarmUpRule } from '../runtime.ts';

export interface ServerOptions extends SessionOptions {
  /** Processes that answer side by side, each with the model: a request goes to the one with the fewest before it. */
  readonly instances: number;
  /** Processors to hold each of them to, one a thread; anywhere unless given. */
  readonly processorsOf?: readonly (readonly number[])[];
}

/** An open loop: requests arrive by a schedule, whether those before them are answered or not. */
export interface ServeRule {
  /** When each request arrives, ascending, in ms from the start. */
  readonly arrivalsMs: Float64Array;
  /** How long after the last arrival requests are still answered. */
  readonly drainMs: number;
  /** A processor is idle that whoever issues the requests may keep busy shortly before one is due. */
  readonly maySpin: boolean;
}

/** By request, in ms from the start of the schedule; NaN for what had not happened when the time was over. */
export interface ServedRequests {
  /** When it was handed to the processes that answer. */
  readonly issuedMs: Float64Array;
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
}

/**
 * One model in processes that answer requests first come, first served, and a process of its own that issues them: what
 * runs a model is blocked for as long as it runs, and would issue late. Calls are made one after another.
 */
export interface LoadedServer {
  /** The longest of its processes. */
  readonly loadMs: number;
  readonly pids: readonly number[];
  readonly generatorPid: number;
  /** Hands over the inputs that requests cycle through. */
  setInputs(pool: readonly NamedTensors[]): Promise<void>;
  warmUp(rule: WarmUpRule): Promise<void>;
  /** Throws RuntimeError when a process died or fell silent. */
  serve(rule: ServeRule): Promise<ServedRequests>;
  /** Ends the processes. Never throws. */
  close(): Promise<void>;
}
