import type { PricesResult } from '../cost/catalog/prices-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { exactText, priceText } from './cost-words.ts';
import type { Column } from './grid.ts';
import { flagMarks } from './messages/flag-texts.ts';
import { shortName } from './short-name.ts';
import { bandText } from './prices-words.ts';

type InstanceRow = PricesResult['instances'][number];
type ProcessorRow = PricesResult['processors'][number];
type AcceleratorRow = PricesResult['accelerators'][number];
type TokenRow = PricesResult['tokenPrices'][number];
type GridRow = PricesResult['grids'][number];

const none = '-';

/** A line for each instance; columns that say nothing of any are left out. */
export function instanceColumns(rows: readonly InstanceRow[]): readonly Column[] {
  return toldColumns(rows, [
    ['instance', 'left', ({ name }) => shortName(name)],
    ['cloud', 'left', ({ cloud }) => shortName(cloud)],
    ['region', 'left', ({ region }) => shortName(region), 3],
    ['vCPU', 'right', ({ vcpus }) => exactText(vcpus)],
    ['GiB', 'right', ({ memoryGib }) => exactText(memoryGib)],
    ['processor', 'left', ({ processorName }) => shortName(processorName ?? none, 36), 5],
    ['accelerator', 'left', acceleratorText],
    ['$ an hour', 'right', ({ onDemandUsdPerHour }) => priceText(onDemandUsdPerHour)],
    ['$ a vCPU', 'right', vcpuPrice, 4],
    ['spot', 'right', ({ spotUsdPerHour }) => orNone(spotUsdPerHour, priceText)],
    ['taken / month', 'right', ({ interruption }) => (interruption === null ? none : bandText(interruption)), 2],
    ['marks', 'left', ({ flags }) => flagMarks(flags)],
    ['date', 'left', ({ date }) => date ?? none],
    ['spot date', 'left', ({ spotUsdPerHour, spotDate }) => (spotUsdPerHour === null ? none : (spotDate ?? none)), 1],
  ]);
}

/** Of machines whose vCPUs are what is paid for. */
function vcpuPrice({ onDemandUsdPerHour, vcpus, accelerator }: InstanceRow): string {
  return accelerator === null ? priceText(Number((onDemandUsdPerHour / vcpus).toPrecision(3))) : none;
}

/** `4 x L4`, `0.125 x L4`, `A10G` */
function acceleratorText({ accelerator, acceleratorCount }: InstanceRow): string {
  if (accelerator === null) return none;
  const name = shortName(accelerator);
  return acceleratorCount === 1 ? name : `${exactText(acceleratorCount)} x ${name}`;
}

export function processorColumns(rows: readonly ProcessorRow[]): readonly Column[] {
  return toldColumns(rows, [
    ['processor', 'left', ({ id }) => shortName(id)],
    ['name', 'left', ({ name }) => shortName(name), 2],
    ['GFLOPS a vCPU', 'right', ({ fp32GflopsPerVcpu }) => threeDigits(fp32GflopsPerVcpu)],
    ['int8 GOPS', 'right', ({ int8GopsPerVcpu }) => threeDigits(int8GopsPerVcpu)],
    ['GB/s a vCPU', 'right', ({ gbPerSecondPerVcpu }) => threeDigits(gbPerSecondPerVcpu)],
    ['vCPUs a core', 'right', ({ vcpusPerCore }) => exactText(vcpusPerCore), 3],
    ['cores', 'right', ({ coresPerSocket }) => exactText(coresPerSocket), 4],
    ['GHz', 'right', ({ allCoreGhz }) => exactText(allCoreGhz), 4],
    ['W', 'right', ({ tdpWatts }) => exactText(tdpWatts)],
    ['instructions', 'left', ({ instructionSets }) => shortName(instructionSets.join(' '), 60), 5],
    ...provenanceColumns<ProcessorRow>(),
  ]);
}

export function acceleratorColumns(rows: readonly AcceleratorRow[]): readonly Column[] {
  return toldColumns(rows, [
    ['accelerator', 'left', ({ id }) => shortName(id)],
    ['GB', 'right', ({ memoryGb }) => exactText(memoryGb)],
    ['GB/s', 'right', ({ gbPerSecond }) => exactText(gbPerSecond)],
    ['fp32 TFLOPS', 'right', ({ fp32Tflops }) => orNone(fp32Tflops, exactText)],
    ['fp16 TFLOPS', 'right', ({ fp16Tflops }) => orNone(fp16Tflops, exactText)],
    ['int8 TOPS', 'right', ({ int8Tops }) => orNone(int8Tops, exactText)],
    ['fp8 TFLOPS', 'right', ({ fp8Tflops }) => orNone(fp8Tflops, exactText), 1],
    ['W', 'right', ({ tdpWatts }) => orNone(tdpWatts, exactText)],
    ...provenanceColumns<AcceleratorRow>(),
    ['note', 'left', ({ note }) => shortName(note ?? '', 60), 2],
  ]);
}

export function tokenColumns(rows: readonly TokenRow[]): readonly Column[] {
  return toldColumns(rows, [
    ['model', 'left', ({ model }) => shortName(model, 60)],
    ['provider', 'left', ({ provider }) => shortName(provider)],
    ['mode', 'left', ({ mode }) => shortName(mode)],
    ['$ / M tokens in', 'right', ({ usdPerMillionInput }) => priceText(usdPerMillionInput)],
    ['cached', 'right', ({ usdPerMillionCachedInput }) => orNone(usdPerMillionCachedInput, priceText)],
    ['$ / M tokens out', 'right', ({ usdPerMillionOutput }) => orNone(usdPerMillionOutput, priceText)],
    ['context', 'right', ({ contextTokens }) => orNone(contextTokens, wholeText), 1],
    ...provenanceColumns<TokenRow>(),
  ]);
}

export function gridColumns(rows: readonly GridRow[]): readonly Column[] {
  return toldColumns(rows, [
    ['grid', 'left', ({ key }) => shortName(key)],
    ['of a', 'left', ({ scope }) => shortName(scope)],
    ['g CO2e / kWh', 'right', ({ gramsPerKwh }) => exactText(gramsPerKwh)],
    ...provenanceColumns<GridRow>(),
  ]);
}

function provenanceColumns<Row extends Pick<GridRow, 'flags' | 'date'>>(): readonly RowColumn<Row>[] {
  return [
    ['marks', 'left', ({ flags }) => flagMarks(flags)],
    ['date', 'left', ({ date }) => date ?? none],
  ];
}

function toldColumns<Row>(rows: readonly Row[], columns: readonly RowColumn<Row>[]): readonly Column[] {
  const isTold = ([, , text]: RowColumn<Row>) => rows.some((row) => !['', none].includes(text(row)));
  return columnsOf(rows, columns.filter(isTold));
}

function orNone(value: number | null, text: (value: number) => string): string {
  return value === null ? none : text(value);
}

/** What came out of arithmetic. */
function threeDigits(value: number): string {
  return exactText(Number(value.toPrecision(3)));
}

function wholeText(value: number): string {
  return exactText(value).includes('e') ? String(value) : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
