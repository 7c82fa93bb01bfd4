import type { GateCell, GateResult, GateScenarioResult } from '../gate/gate-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';
import { scenariosByName } from './gate-cell-text.ts';
import { describeReason } from './messages/gate-messages.ts';

interface Row {
  readonly cell: GateCell;
  readonly scenario: GateScenarioResult | undefined;
  readonly result: GateResult;
}

type Field = readonly [name: string, read: (row: Row) => CsvValue];

/** A gate's cells as RFC 4180: one record a cell, figures in the unit beside them, shares between 0 and 1. */
export function gateCsv(result: GateResult): string {
  const scenarios = scenariosByName(result);
  const rows = result.cells.map((cell): Row => ({ cell, scenario: scenarios.get(cell.scenario), result }));
  return csvText(
    fields.map(([name]) => name),
    rows.map((row) => fields.map(([, read]) => read(row))),
  );
}

function bounds(name: string, read: (cell: GateCell) => Estimate | null): readonly Field[] {
  return [
    [`${name}Low`, ({ cell }) => read(cell)?.low ?? null],
    [`${name}High`, ({ cell }) => read(cell)?.high ?? null],
  ];
}

/** Of quality the interval is that of its drop, in the unit of the limit. */
function dropOf({ metric, headInterval }: GateCell): Estimate | null {
  return metric === 'quality' ? headInterval : null;
}

const cellFields: readonly Field[] = [
  ['scenario', ({ cell }) => cell.scenario],
  ['metric', ({ cell }) => cell.metric],
  ['against', ({ cell }) => cell.against],
  ['unit', ({ cell }) => cell.unit],
  ['base', ({ cell }) => cell.base],
  ['head', ({ cell }) => cell.head],
  ...bounds('head', ({ metric, headInterval }) => (metric === 'quality' ? null : headInterval)),
  ['ratio', ({ cell }) => cell.ratio?.value ?? null],
  ...bounds('ratio', ({ ratio }) => ratio),
  ['drop', ({ cell }) => dropOf(cell)?.value ?? null],
  ...bounds('drop', dropOf),
  ['tolerance', ({ cell }) => cell.tolerance],
  ['budget', ({ cell }) => cell.budget],
  ['detectableBefore', ({ cell }) => cell.detectable.before],
  ['detectableAfter', ({ cell }) => cell.detectable.after],
  ['pairs', ({ cell }) => cell.pairs],
  ['p', ({ cell }) => cell.p],
  ['adjustedP', ({ cell }) => cell.adjustedP],
  ['verdict', ({ cell }) => cell.verdict],
  ['verdictUnwaived', ({ cell }) => cell.waived ?? cell.verdict],
  ['severity', ({ cell }) => cell.severity],
  ['reasonCode', ({ cell }) => cell.reason.code],
  ['reason', ({ cell, scenario }) => describeReason(cell, scenario)],
  ['owner', ({ cell }) => cell.owner],
  ['note', ({ cell }) => cell.note],
  ['waiverUntil', ({ cell }) => cell.waiver?.until ?? null],
  ['waiverReason', ({ cell }) => cell.waiver?.reason ?? null],
  ['waiverLink', ({ cell }) => cell.waiver?.link ?? null],
];

const contextFields: readonly Field[] = [
  ['gateVerdict', ({ result }) => result.verdict],
  ['baseModel', ({ scenario }) => scenario?.base?.ref ?? null],
  ['baseSha256', ({ scenario }) => scenario?.base?.sha256 ?? null],
  ['baseCommit', ({ scenario }) => scenario?.base?.commit ?? null],
  ['headModel', ({ scenario }) => scenario?.head.ref ?? null],
  ['headSha256', ({ scenario }) => scenario?.head.sha256 ?? null],
  ['headCommit', ({ scenario }) => scenario?.head.commit ?? null],
  ['basis', ({ scenario }) => scenario?.basis ?? null],
  ['ep', ({ scenario }) => scenario?.ep ?? null],
  ['batch', ({ scenario }) => scenario?.batch ?? null],
  ['threads', ({ scenario }) => scenario?.threads ?? null],
  ['instances', ({ scenario }) => scenario?.instances ?? null],
  ['dims', ({ scenario }) => dimsText(scenario)],
  ['alpha', ({ result }) => result.settings.alpha],
  ['seed', ({ result }) => result.settings.seed],
  ['onnxruntime', ({ result }) => result.environment.onnxruntime],
  ['fingerprint', ({ result }) => result.environment.fingerprint],
  ['createdAt', ({ result }) => result.createdAt],
];

const fields: readonly Field[] = [...cellFields, ...contextFields];

function dimsText(scenario: GateScenarioResult | undefined): string {
  return Object.entries(scenario?.dims ?? {})
    .map(([name, length]) => `${name}=${length}`)
    .join(';');
}
