import type { GateCell, GateResult, GateScenarioResult } from './gate-result.ts';
import type { GateRunResult } from './gate-run.ts';
import type { GateWarning } from './gate-warning.ts';
import { isExpired } from './judge/waive.ts';

export interface WarningFacts {
  readonly scenarios: readonly GateScenarioResult[];
  readonly cells: readonly GateCell[];
  /** `2026-12-31` */
  readonly today: string;
  readonly fingerprint: string;
  readonly tooShort: GateRunResult['tooShort'];
}

/** Share of blocks that stayed dirty from which on it is said. */
const noisyShare = 0.1;

/** What to know before believing a gate, as far as its result tells. */
export function gateWarnings(facts: WarningFacts): readonly GateWarning[] {
  return [
    ...facts.scenarios.flatMap((scenario) => [
      ...expiredWaivers(scenario, facts.today),
      ...modelWarnings(scenario),
      ...baseWarnings(scenario, facts.fingerprint),
    ]),
    ...noiseWarning(facts.scenarios),
    ...planWarnings(facts),
  ];
}

function expiredWaivers({ name, rules }: GateScenarioResult, today: string): readonly GateWarning[] {
  return rules.flatMap(({ metric, waiver }) =>
    waiver !== null && isExpired(waiver, today)
      ? [{ code: 'waiver-expired' as const, details: { scenario: name, metric, ...waiver } }]
      : [],
  );
}

function modelWarnings({ name, base, head, basis }: GateScenarioResult): readonly GateWarning[] {
  const isSame = basis === 'same-job' && base?.sha256 === head.sha256;
  const uncommitted = (['base', 'head'] as const).flatMap((side): GateWarning[] => {
    const model = side === 'base' ? base : head;
    const isDirty = model?.dirty === true;
    return isDirty ? [{ code: 'model-uncommitted', details: { scenario: name, side, path: model.ref } }] : [];
  });
  return [...(isSame ? [{ code: 'same-model' as const, details: { scenario: name } }] : []), ...uncommitted];
}

function baseWarnings({ name, basis, baseFingerprint }: GateScenarioResult, head: string): readonly GateWarning[] {
  if (basis !== 'stored' || baseFingerprint === head) return [];
  return [{ code: 'other-machine', details: { scenario: name, base: baseFingerprint, head } }];
}

function noiseWarning(scenarios: readonly GateScenarioResult[]): readonly GateWarning[] {
  const blocks = scenarios.flatMap((scenario) => scenario.blocks);
  const dirty = blocks.filter(({ noise }) => noise.dirty.length > 0);
  if (dirty.length === 0 || dirty.length < noisyShare * blocks.length) return [];
  const rules = [...new Set(dirty.flatMap(({ noise }) => noise.dirty))];
  return [{ code: 'noisy-machine', details: { dirtyBlocks: dirty.length, blocks: blocks.length, rules } }];
}

function planWarnings({ scenarios, cells, tooShort }: WarningFacts): readonly GateWarning[] {
  if (tooShort !== null)
    return scenarios
      .filter(({ blocks }) => blocks.length > 0)
      .map(({ name }) => ({ code: 'budget-too-short', details: { scenario: name, ...tooShort } }));
  return cells.flatMap(({ scenario, metric, tolerance, detectable: { before } }): GateWarning[] =>
    tolerance !== null && before !== null && before > 2 * tolerance
      ? [{ code: 'coarse-gate', details: { scenario, metric, tolerance, detectable: before } }]
      : [],
  );
}

/** As results carry them. */
export function plainWarnings(warnings: readonly GateWarning[]): GateResult['warnings'] {
  return warnings.map(({ code, details }) => ({ code, details: { ...details } }));
}
