import type { Model } from '../../onnx/model.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Envelope } from '../envelope.ts';
import type { PruneEvent } from '../prune-event.ts';
import type { PruneRequest } from '../prune-request.ts';
import type { TrialWork } from '../trials/trial-work.ts';
import type { OpenedOriginal } from '../trials/with-original.ts';

export interface PruneContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: PruneEvent) => void;
}

/** What all steps of pruning one model share. */
export interface PruneWork extends TrialWork {
  readonly request: PruneRequest;
  readonly context: PruneContext;
  readonly environment: Environment;
  readonly original: OpenedOriginal['original'];
  /** The original, cleaned up: what is pruned. */
  readonly prepared: Model;
  /** Lengths of symbolic dimensions that multiply-adds are counted at. */
  readonly dims: Readonly<Record<string, number>>;
  /** How far the pruned model may fall behind; null without data. */
  readonly maxDrop: PruneLimit;
}

type PruneLimit = NonNullable<PruneRequest['goals']['maxDrop']>['limit'] | null;
