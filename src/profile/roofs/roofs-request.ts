import type { Workplace } from '../../onnx/file/workplace.ts';
import type { Environment } from '../../runtime/environment.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Precision } from './precision.ts';
import type { RoofStore } from './roof-store.ts';

export interface RoofsRequest {
  readonly runtime: Runtime;
  readonly environment: Pick<Environment, 'fingerprint' | 'memory'>;
  readonly provider: ProviderName;
  readonly threads: number;
  /** Roofs wanted beside that of float32: those of types that the model has kernels of. */
  readonly precisions: readonly Precision[];
  readonly workplace: Workplace;
  /** Null measures anew and keeps nothing. */
  readonly store: RoofStore | null;
  /** The time, ISO 8601. */
  readonly at: string;
  /** Longest silence of a process before it is killed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}
