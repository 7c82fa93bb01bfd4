import type { Finding } from '../errors.ts';
import type { GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import { cellName, scenariosByName, whyText } from './gate-cell-text.ts';
import { countsText, gateHeading } from './gate-headline.ts';
import { describeGateWarning } from './messages/gate-messages.ts';
import { shortName } from './short-name.ts';
import { count } from './units.ts';

const levels = ['error', 'warning', 'notice'] as const;
type Level = (typeof levels)[number];

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
}

/** A step shows no more of each level: the last one counts the rest. */
const mostOfLevel = 10;

/** A gate as workflow commands of GitHub Actions: what did not pass, and what to know before believing the rest. */
export function gateGithub(result: GateResult): string {
  const annotations = [...cellAnnotations(result), ...newAnnotations(result), ...result.warnings.map(ofWarning)];
  const told = annotations.length === 0 ? [summaryOf(result)] : annotations;
  return levels.flatMap((level) => few(told.filter((one) => one.level === level))).join('');
}

function summaryOf(result: GateResult): Annotation {
  return { level: 'notice', title: 'infer gate', message: `${gateHeading(result)}; ${countsText(result)}` };
}

function cellAnnotations(result: GateResult): readonly Annotation[] {
  const scenarios = scenariosByName(result);
  return result.cells.flatMap((cell) => {
    const level = levelOf(cell, result);
    return level === null ? [] : [{ level, ...textOf(cell, scenarios.get(cell.scenario)) }];
  });
}

function levelOf({ verdict, severity }: GateCell, { settings: { onInconclusive } }: GateResult): Level | null {
  switch (verdict) {
    case 'pass':
    case 'new':
      return null;
    case 'waived':
      return 'notice';
    case 'fail':
      return severity === 'fail' ? 'error' : 'warning';
    case 'inconclusive':
    case 'incomparable':
      if (severity === 'warn') return 'notice';
      return undecidedLevels[onInconclusive];
  }
}

const undecidedLevels = { fail: 'error', warn: 'warning', pass: 'notice' } as const;

function textOf(cell: GateCell, scenario: GateScenarioResult | undefined): Omit<Annotation, 'level'> {
  return {
    title: `infer gate: ${cellName(cell)} of '${shortName(cell.scenario)}'`,
    message: `${cell.verdict}: ${whyText(cell, scenario)}`,
  };
}

/** That there is no base is said once. */
function newAnnotations({ cells }: GateResult): readonly Annotation[] {
  const fresh = cells.filter(({ verdict }) => verdict === 'new').length;
  if (fresh === 0) return [];
  const message = `new: ${count(fresh, 'cell')} without a base to compare with`;
  return [{ level: 'notice', title: 'infer gate', message }];
}

function ofWarning(warning: Finding): Annotation {
  // A waiver that ran out changes the verdict; the others only say how far to trust it.
  const level = warning.code === 'waiver-expired' ? 'warning' : 'notice';
  return { level, title: 'infer gate', message: describeGateWarning(warning) };
}

function few(annotations: readonly Annotation[]): readonly string[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= mostOfLevel) return annotations.map(command);
  const shown = annotations.slice(0, mostOfLevel - 1);
  const rest = annotations.length - shown.length;
  const message = `and ${rest} more; the table, the summary or the JSON result has all`;
  return [...shown, { level: first.level, title: 'infer gate', message }].map(command);
}

function command({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}\n`;
}

/** As the runner reads it back: the percent sign first. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
