import type { Model } from '../../onnx/model.ts';
import type { QuantizableLayer } from '../../quantize/plan/find-layers.ts';
import type { Exclusion } from '../../quantize/plan/exclusion.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { LoadedModel, ModelRunner } from '../../runtime/model-runner.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Envelope } from '../envelope.ts';
import type { QuantizeEvent } from '../quantize-event.ts';
import type { QuantizeRequest } from '../quantize-request.ts';
import type { TrialFeeds } from '../trials/feeds.ts';
import type { OpenedOriginal } from '../trials/with-original.ts';

export interface QuantizeContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: QuantizeEvent) => void;
}

/** What all steps of quantizing one model share. */
export interface Work {
  readonly request: QuantizeRequest;
  readonly context: QuantizeContext;
  readonly environment: Environment;
  readonly threads: number;
  readonly original: OpenedOriginal['original'];
  /** The original, cleaned up: what is quantized. */
  readonly prepared: Model;
  readonly layers: readonly QuantizableLayer[];
  readonly exclusion: Exclusion;
  /** 7-bit weights. */
  readonly reduced: boolean;
  /** Does the numeric work, on the provider that was asked for. */
  readonly runner: ModelRunner;
}

/** The same where models are run and compared. */
export interface FedWork extends Work {
  readonly feeds: TrialFeeds;
  /** The original, as whoever serves it runs it. */
  readonly reference: LoadedModel;
}
