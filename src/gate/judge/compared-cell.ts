import type { GateScenarioResult } from '../gate-result.ts';
import type { GateRule } from '../gate-rule.ts';
import type { Draft, Outcome } from './draft.ts';
import { noFigures, settled, undetectable } from './draft.ts';
import { missingFigures } from './missing-figures.ts';

/** Outputs on the same inputs: equal to the base's within the tolerance, or not. */
export function outputsCell(scenario: GateScenarioResult, rule: GateRule): Draft {
  const figures = { ...noFigures(rule, 'change'), head: scenario.outputs?.maxRel ?? null };
  return { scenario, rule, figures, outcome: outputsOutcome(scenario), detectable: undetectable };
}

function outputsOutcome(scenario: GateScenarioResult): Outcome {
  const { basis, outputs } = scenario;
  if (basis === 'none') return settled('new', { code: 'no-base', details: {} });
  if (basis === 'stored')
    return settled('inconclusive', { code: 'untold', details: { side: 'base', cause: 'not-in-base' } });
  if (outputs === null) return missingFigures(scenario);
  const { maxAbs, maxRel, problem } = outputs;
  if (problem !== null) return unlike(problem);
  const output = outputs.output ?? '';
  if (!outputs.finite) return settled('fail', { code: 'outputs-not-finite', details: { output } });
  if (outputs.equal) return settled('pass', { code: 'outputs-equal', details: { maxAbs, maxRel } });
  return settled('fail', { code: 'outputs-differ', details: { output, maxAbs, maxRel } });
}

function unlike({ code, details }: { readonly code: string; readonly details: Record<string, unknown> }): Outcome {
  const text = (key: string) => String(details[key] ?? '');
  const sides = { base: text('base'), head: text('head') };
  return code === 'inputs-unlike'
    ? settled('fail', { code, details: { input: text('input'), ...sides } })
    : settled('fail', { code: 'outputs-unlike', details: { output: text('output'), ...sides } });
}

/** The drop of `infer evaluate` on the data, by its paired interval. */
export function qualityCell(scenario: GateScenarioResult, rule: GateRule): Draft {
  const { quality, scores } = scenario;
  const figures = {
    ...noFigures(rule, 'change'),
    base: scores?.base ?? null,
    head: scores?.head ?? null,
    headInterval: quality?.drop ?? null,
    tolerance: quality?.threshold ?? rule.tolerance,
  };
  return { scenario, rule, figures, outcome: qualityOutcome(scenario), detectable: undetectable };
}

function qualityOutcome(scenario: GateScenarioResult): Outcome {
  const { basis, quality, outputs } = scenario;
  if (basis === 'none') return settled('new', { code: 'no-base', details: {} });
  if (basis === 'stored')
    return settled('inconclusive', { code: 'untold', details: { side: 'base', cause: 'not-in-base' } });
  // What has other outputs cannot be scored beside the base.
  if (quality === null && outputs?.problem) return unlike(outputs.problem);
  if (quality === null) return missingFigures(scenario, outputs !== null);
  const { of, threshold, verdict, drop, samplesToDecide } = quality;
  if (verdict === 'fail') {
    const details = { drop: drop?.value ?? null, low: drop?.low ?? null, threshold, of };
    return settled('fail', { code: 'quality-dropped', details });
  }
  if (drop === null) return settled('inconclusive', { code: 'quality-untold', details: { of } });
  if (verdict === 'pass')
    return settled('pass', {
      code: 'quality-kept',
      details: { drop: drop.value, high: drop.high ?? drop.value, threshold, of },
    });
  const details = { drop: drop.value, high: drop.high, threshold, of, samplesToDecide };
  return settled('inconclusive', { code: 'quality-undecided', details });
}
