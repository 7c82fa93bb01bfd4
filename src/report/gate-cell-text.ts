import type { GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import { detectableText, figureOr, limitText, ratioText } from './gate-figures.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { describeReason } from './messages/gate-messages.ts';
import { pText } from './messages/gate-reasons.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';

const longestRemark = 500;

/** `latency-p50`, or `latency-p50 budget`: names are unique within a scenario. */
export function cellName({ metric, against }: GateCell): string {
  return against === 'budget' ? `${metric} budget` : metric;
}

/** `fail`; `fail (warn)` for one that never decides. */
export function verdictText({ verdict, severity }: GateCell): string {
  return severity === 'warn' && verdict !== 'pass' && verdict !== 'new' ? `${verdict} (warn)` : verdict;
}

const tones: Readonly<Record<GateCell['verdict'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warn',
  incomparable: 'warn',
  new: 'dim',
  waived: 'warn',
};

export function verdictTone({ verdict, severity }: GateCell): Tone {
  return severity === 'warn' && verdict === 'fail' ? 'warn' : tones[verdict];
}

/** Why it has its verdict, and what its owner says of it. */
export function whyText(cell: GateCell, scenario: GateScenarioResult | undefined): string {
  const why = `${waiverText(cell)}${describeReason(cell, scenario)}`;
  return cell.verdict === 'pass' || cell.note === null ? why : `${why}; note: ${shortName(cell.note, longestRemark)}`;
}

function waiverText({ verdict, waived, waiver }: GateCell): string {
  if (verdict !== 'waived' || waiver === null) return '';
  const link = waiver.link === null ? '' : ` (${shortName(waiver.link, longestRemark)})`;
  return `until ${shortName(waiver.until)}, ${shortName(waiver.reason, longestRemark)}${link}; else ${waived ?? 'fail'}: `;
}

/** Everything that is known of a cell, for formats without a table. */
export function cellFacts(cell: GateCell, scenario: GateScenarioResult | undefined): readonly Fact[] {
  const quality = scenario?.quality ?? null;
  const { detectable, metric, owner } = cell;
  return [
    { label: 'base', text: figureOr(cell.base, cell, quality) },
    { label: 'head', text: figureOr(cell.head, cell, quality) },
    { label: cell.against === 'budget' ? 'interval of the head' : 'head over base', text: ratioText(cell, quality) },
    { label: 'limit', text: limitText(cell, quality) },
    { label: 'detectable change', text: detectableText(detectable.after ?? detectable.before, metric) },
    { label: 'pairs of blocks', text: cell.pairs === null ? '-' : String(cell.pairs) },
    { label: 'adjusted p', text: cell.adjustedP === null ? '-' : pText(cell.adjustedP) },
    { label: 'verdict', text: verdictText(cell) },
    { label: 'why', text: whyText(cell, scenario) },
    { label: 'owner', text: owner === null ? '-' : shortName(owner, longestRemark) },
  ].filter(({ text }) => text !== '-');
}

/** Cells by the name of their scenario, in their order. */
export function cellsByScenario({ cells }: GateResult): ReadonlyMap<string, readonly GateCell[]> {
  return new Map(grouped(cells, ({ scenario }) => scenario).map(({ key, members }) => [key, members]));
}

export function scenariosByName({ scenarios }: GateResult): ReadonlyMap<string, GateScenarioResult> {
  return new Map(scenarios.map((scenario) => [scenario.name, scenario]));
}
