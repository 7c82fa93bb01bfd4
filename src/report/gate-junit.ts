import type { GateBlock, GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import { cellFacts, cellName, cellsByScenario, whyText } from './gate-cell-text.ts';
import { countsText, gateHeading } from './gate-headline.ts';
import { modelText } from './gate-scenario-facts.ts';
import { describeFinding } from './messages/message.ts';
import { xmlElement } from './xml.ts';

/** What a test case says. */
type Outcome = 'passed' | 'failure' | 'skipped' | 'error';

interface Case {
  readonly outcome: Outcome;
  readonly xml: string;
}

interface Suite {
  readonly cases: readonly Case[];
  readonly xml: string;
}

/**
 * A gate as JUnit XML, valid by the schema of Jenkins' xUnit plugin: a suite a scenario, a case a cell. A fail that
 * decides is a failure; what only warns, is waived or could not be told is skipped, with the reason.
 */
export function gateJunit(result: GateResult): string {
  const cells = cellsByScenario(result);
  const suites = result.scenarios.map((scenario) => suiteOf(scenario, cells.get(scenario.name) ?? [], result));
  const cases = suites.flatMap((suite) => suite.cases);
  const attributes = { name: 'infer gate', time: seconds(result.elapsedMs), ...totals(cases) };
  const content = suites.map(({ xml }) => xml);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement('testsuites', attributes, content)}\n`;
}

function suiteOf(scenario: GateScenarioResult, own: readonly GateCell[], result: GateResult): Suite {
  const measured = own.filter(isMeasured).length;
  const measuredMs = scenario.blocks.reduce((sum, block) => sum + blockMs(block), 0);
  // All cells of a scenario come from the same blocks: the time is shared, so that cases add up to their suite.
  const share = measured === 0 ? 0 : measuredMs / measured;
  const cases = [
    ...failedToRun(scenario, own.length > 0),
    ...own.map((cell) => caseOf(cell, scenario, isMeasured(cell) ? share : 0)),
  ];
  const { skipped, ...counted } = {
    ...totals(cases),
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
  };
  const attributes = {
    name: scenario.name,
    ...counted,
    skipped,
    time: seconds(measured === 0 ? 0 : measuredMs),
    timestamp: result.createdAt.slice(0, 19),
  };
  const content = [propertiesOf(scenario, result), ...cases.map(({ xml }) => xml)];
  return { cases, xml: xmlElement('testsuite', attributes, content) };
}

/** Whether the figure comes from blocks. */
function isMeasured({ head, unit, metric }: GateCell): boolean {
  return head !== null && (unit === 'ms' || unit === 'per-second' || metric === 'peak-memory');
}

function totals(cases: readonly Case[]) {
  const of = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: of('failure'), errors: of('error') };
}

function blockMs({ loadMs, firstRunMs, warmUp, windowMs }: GateBlock): number {
  return loadMs + firstRunMs + warmUp.elapsedMs + windowMs;
}

/** The schema takes no exponents. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** A model that does not run and left no cell to say so. */
function failedToRun({ name, failure }: GateScenarioResult, hasCells: boolean): readonly Case[] {
  if (failure === null || hasCells) return [];
  const message = describeFinding(failure);
  const error = xmlElement('error', { type: failure.code, message }, message);
  return [{ outcome: 'error', xml: xmlElement('testcase', { classname: name, name: 'runs', time: '0.000' }, [error]) }];
}

function caseOf(cell: GateCell, scenario: GateScenarioResult, ms: number): Case {
  const outcome = outcomeOf(cell);
  const attributes = { classname: cell.scenario, name: cellName(cell), time: seconds(ms) };
  return { outcome, xml: xmlElement('testcase', attributes, outcomeXml(cell, scenario, outcome)) };
}

function outcomeOf({ verdict, severity }: GateCell): Outcome {
  if (verdict === 'pass') return 'passed';
  return verdict === 'fail' && severity === 'fail' ? 'failure' : 'skipped';
}

function outcomeXml(cell: GateCell, scenario: GateScenarioResult, outcome: Outcome): readonly string[] {
  const text = cellFacts(cell, scenario)
    .map((fact) => `${fact.label}: ${fact.text}`)
    .join('\n');
  if (outcome === 'passed') return [xmlElement('system-out', {}, text)];
  const warns = cell.severity === 'warn' ? 'warns only: ' : '';
  const message = `${cell.verdict}: ${warns}${whyText(cell, scenario)}`;
  return [xmlElement(outcome, { type: cell.reason.code, message }, text)];
}

function propertiesOf(scenario: GateScenarioResult, result: GateResult): string {
  const { environment, settings, tool } = result;
  const { base, head, ep, batch, threads, instances, dims, owner } = scenario;
  const values: Readonly<Record<string, string | number | null>> = {
    'gate.verdict': result.verdict,
    'gate.headline': gateHeading(result),
    'gate.counts': countsText(result),
    'gate.alpha': settings.alpha,
    'gate.seed': settings.seed,
    'scenario.owner': owner,
    'scenario.base': base === null ? null : modelText(base),
    'scenario.head': modelText(head),
    'scenario.ep': ep,
    'scenario.batch': batch,
    'scenario.threads': threads,
    'scenario.instances': instances,
    ...Object.fromEntries(Object.entries(dims).map(([name, length]) => [`scenario.dims.${name}`, length])),
    'environment.fingerprint': environment.fingerprint,
    'environment.cpu': environment.cpu.model,
    'environment.usableCores': environment.cpu.usableCores,
    'environment.memoryBytes': environment.memory.limitBytes ?? environment.memory.totalBytes,
    'environment.os': `${environment.os.platform} ${environment.os.release} ${environment.os.arch}`,
    'environment.container': environment.container,
    'environment.node': environment.node,
    'environment.onnxruntime': environment.onnxruntime,
    'tool.version': tool.version,
  };
  const known = Object.entries(values).filter(([, value]) => value !== null);
  return xmlElement(
    'properties',
    {},
    known.map(([name, value]) => xmlElement('property', { name, value: value ?? '' })),
  );
}
