import type { Runtime } from '../../runtime/runtime.ts';
import type { GateContext, GateRequest } from '../gate-request.ts';

/** What it takes to run a scenario's models. */
export interface ProbeContext {
  readonly request: GateRequest;
  readonly context: Pick<GateContext, 'signal' | 'onEvent'>;
  /** Opens models beyond 2 GiB too. */
  readonly runtime: Runtime;
  readonly usableCores: number;
}
