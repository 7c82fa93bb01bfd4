import type { BaselineConditions, GateBaseline } from '../../gate/gate-baseline.ts';
import type { StoredBase } from '../../gate/stored-base.ts';
import { storedBaseline, storedBench, storedGate } from '../../gate/stored-base.ts';
import type { OpenedScenario } from './open-scenarios.ts';

export interface StoredQuestion {
  readonly conditions: BaselineConditions;
  readonly fingerprint: string;
  readonly baseline: GateBaseline | null;
}

/** What is known of a base that is not measured here: from the saved result, else from the stored baseline. */
export function storedBaseOf({ base, request }: OpenedScenario, asked: StoredQuestion): StoredBase | null {
  const question = { scenario: request.name, conditions: asked.conditions, fingerprint: asked.fingerprint };
  switch (base.kind) {
    case 'model':
      return null;
    case 'result':
      return base.saved.kind === 'gate'
        ? storedGate(base.saved, question, base.ref)
        : storedBench(base.saved, question, base.ref);
    case 'none':
      return asked.baseline === null ? null : storedBaseline(asked.baseline, question);
  }
}
