import type { InspectResult } from '../inspect/inspect-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

type Layer = InspectResult['layers']['listed'][number];
type Field = readonly [name: string, read: (layer: Layer) => CsvValue];

/** The layers of a model as RFC 4180, names as in the JSON. */
export function inspectCsv({ layers }: InspectResult): string {
  return csvText(
    fields.map(([name]) => name),
    layers.listed.map((layer) => fields.map(([, read]) => read(layer))),
  );
}

const fields: readonly Field[] = [
  ['name', ({ name }) => name],
  ['operator', ({ operator }) => operator],
  ['within', ({ within }) => within],
  ['kind', ({ kind }) => kind],
  ['outputShape', ({ outputShape }) => shapeField(outputShape)],
  ['macs', ({ macs }) => macs],
  ['macShare', ({ macShare }) => macShare],
  ['bytes', ({ bytes }) => bytes],
  ['intensity', ({ intensity }) => intensity],
  ['weightElements', ({ weightElements }) => weightElements],
  ['weightBytes', ({ weightBytes }) => weightBytes],
  ['quantization', ({ quantization }) => quantization],
  ['pruning', ({ pruning }) => pruning],
];

/** `1x3xheightx224`, `?` for a length that nobody names. */
function shapeField(shape: Layer['outputShape']): string | null {
  return shape && shape.map((axis) => axis ?? '?').join('x');
}
