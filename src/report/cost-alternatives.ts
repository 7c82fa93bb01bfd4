import type { Alternative, CostedModel, CostOption, CostResult } from '../cost/cost-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { priceNote } from './cost-price-note.ts';
import { isServing, modelName, moneyText, optionName } from './cost-words.ts';
import { estimateText } from './estimate-text.ts';
import { unitOf } from './evaluate-units.ts';
import { intervalText } from './interval-digits.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes } from './units.ts';

/** A model with what it costs where it is cheapest. */
interface Row {
  readonly name: string;
  readonly model: CostedModel;
  readonly option: CostOption | null;
  readonly alternative: Alternative | null;
}

/** The models side by side, each on its cheapest machine, against the first one. */
export function alternativesSection(result: CostResult): readonly Section[] {
  const { models } = result;
  if (models.length < 2) return [];
  const rows = models.map((model, index) => rowOf(result, model, index));
  const first = modelName(result, 0);
  return [
    {
      title: 'Models side by side, each where it is cheapest',
      blocks: [{ kind: 'grid', columns: alternativeColumns(rows, first), more: null }, priceNote(result)],
    },
  ];
}

function rowOf(result: CostResult, model: CostedModel, index: number): Row {
  const { options, alternatives } = result;
  const told = alternatives.find(({ modelIndex }) => modelIndex === index);
  const option =
    told === undefined
      ? options.find((other) => other.modelIndex === index && isServing(other))
      : options[told.option ?? -1];
  return {
    name: modelName(result, index),
    model,
    option: option ?? null,
    alternative: told ?? null,
  };
}

function alternativeColumns(rows: readonly Row[], first: string) {
  const all: readonly RowColumn<Row>[] = [
    ['model', 'left', ({ name }) => name],
    ['size', 'right', ({ model }) => formatBytes(model.sizeBytes), 3],
    accuracyColumn(rows),
    ['$ per million', 'right', ({ option }) => (option === null ? '-' : intervalText(option.usdPerMillion))],
    [`of ${first}`, 'right', ({ alternative }) => estimateText(alternative?.ratio ?? null, 'percent'), 2],
    ['saved per million', 'right', ({ alternative }) => savingText(alternative?.savingPerMillionUsd)],
    ['saved a month', 'right', ({ alternative }) => savingText(alternative?.savingPerMonthUsd)],
    ['on', 'left', ({ option }) => (option === null ? 'nothing serves it' : optionName(option)), 1],
    ['', 'left', ({ alternative }) => (alternative?.isPareto === true ? 'Pareto' : '')],
  ];
  const isTold = ([, , text]: RowColumn<Row>): boolean => rows.some((row) => !['', '-'].includes(text(row)));
  return columnsOf(rows, all.filter(isTold));
}

/** The metric that all have; where there are several, cells name their own. */
function accuracyColumn(rows: readonly Row[]): RowColumn<Row> {
  const metrics = new Set(rows.flatMap(({ model }) => model.accuracy?.metric ?? []));
  const [only = ''] = metrics;
  const header = metrics.size === 1 ? shortName(only) : 'accuracy';
  return [header, 'right', ({ model: { accuracy } }) => accuracyText(accuracy, metrics.size > 1)];
}

function accuracyText(accuracy: CostedModel['accuracy'], isNamed: boolean): string {
  if (accuracy === null) return '-';
  const text = estimateText(accuracy.value, unitOf(accuracy.metric));
  return isNamed ? `${shortName(accuracy.metric)} ${text}` : text;
}

function savingText(saving: Estimate | null | undefined): string {
  return saving == null ? '-' : moneyText(saving);
}
