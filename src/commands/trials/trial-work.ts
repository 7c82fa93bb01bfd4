import type { BenchEvent } from '../../bench/bench-event.ts';
import type { TaskRequest } from '../../evaluate/task.ts';
import type { LoadedModel, ModelRunner } from '../../runtime/model-runner.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Envelope } from '../envelope.ts';
import type { SampleSource } from './sample-source.ts';
import type { TrialFeeds } from './feeds.ts';

/** What a command that rewrites a model asks for, as far as comparing and measuring what it made goes. */
export interface TrialRequest {
  /** The original. */
  readonly modelPath: string;
  readonly data: SampleSource;
  readonly task: TaskRequest;
  /** Runs the numeric work. */
  readonly provider: ProviderName;
  readonly strictProvider: boolean;
  readonly seed: number;
  readonly timeoutMs: number;
}

export type TrialEvent =
  | { readonly kind: 'evaluating'; readonly name: string; readonly done: number; readonly of: number }
  | { readonly kind: 'bench'; readonly event: BenchEvent };

export interface TrialContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TrialEvent) => void;
}

/** What it takes to run models that were made from one original, and to hold them against it. */
export interface TrialWork {
  readonly request: TrialRequest;
  readonly context: TrialContext;
  readonly threads: number;
  /** Does the numeric work, on the provider that was asked for. */
  readonly runner: ModelRunner;
  readonly feeds: TrialFeeds;
  /** The original, as whoever serves it runs it. */
  readonly reference: LoadedModel;
}
