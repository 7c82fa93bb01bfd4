import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { UsageError } from '../errors.ts';
import { checkNames } from './check-names.ts';
import { checkRow } from './check-row.ts';
import type { DataRecord } from './data-record.ts';
import type { Label } from './dataset.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { idsInput, languageRoles } from './language-roles.ts';
import { nestedTensor, untypedTensor } from './nested-tensor.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** What a row of JSON is read with. */
export interface JsonContext {
  readonly options: DatasetOptions;
  readonly tokenizer: TextTokenizer | null;
  /** Names the row in errors. */
  readonly path: string;
}

/**
 * A sample from a row: `{"inputs": {name: nested arrays}}`, `{"text", "pair"?}` or `{"ids": […], "pair"?}`, each with a
 * `label` or without. Pairs of token ids are for models that embed one at a time. Other keys are left alone.
 * @throws RangeError with a sentence for a row that is none of these; DataError for what does not fit the model;
 * UsageError `missing-argument` for texts without a tokenizer
 */
export function jsonRecord(row: unknown, context: JsonContext): DataRecord {
  if (!isObject(row)) throw new RangeError('it is no JSON object');
  const pair = context.options.pairs === 'separate' && hasPair(row) ? pairInputs(row['pair'], context) : null;
  return {
    inputs: tensorsOf(rowInputs(row, context), context),
    pair: pair && tensorsOf(pair, context),
    label: labelOf(row['label']),
    expected: null,
  };
}

/** Whether a row holds a second text beside its first. */
export function hasPair(row: unknown): boolean {
  if (!isObject(row) || isObject(row['inputs'])) return false;
  return row['pair'] !== undefined && row['pair'] !== null;
}

function tensorsOf(inputs: JsonObject, { options, path }: JsonContext): NamedTensors {
  checkNames(Object.keys(inputs), { path, options });
  const own = options.inputs.flatMap((input): (readonly [string, DenseTensor])[] => {
    const value = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
    if (value === undefined || options.given.has(input.name)) return [];
    const tensor = inputTensor(input, value);
    checkRow(input, tensor.dims, { path, batchAxis: options.batchAxis });
    return [[input.name, tensor]];
  });
  return Object.fromEntries(own);
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowInputs(row: JsonObject, context: JsonContext): JsonObject {
  const { inputs, ids, text, pair } = row;
  const isJoint = context.options.pairs !== 'separate' && hasPair(row);
  if (isObject(inputs)) return inputs;
  if (Array.isArray(ids)) {
    if (isJoint) throw new RangeError('its "ids" are joined with no "pair": write one list, or use --pairs separate');
    return { [requireIds(context).name]: ids };
  }
  if (typeof text !== 'string') throw new RangeError('it has none of "inputs" (an object), "text" and "ids" (a list)');
  return textInputs(text, isJoint ? requireText(pair) : null, context);
}

/** What is embedded by itself, to be compared with the row's first text. */
function pairInputs(pair: unknown, context: JsonContext): JsonObject {
  if (Array.isArray(pair)) return { [requireIds(context).name]: pair };
  return textInputs(requireText(pair), null, context);
}

function requireText(pair: unknown): string {
  if (typeof pair === 'string') return pair;
  throw new RangeError('its "pair" is no text');
}

function textInputs(text: string, pair: string | null, context: JsonContext): JsonObject {
  const { tokenizer, options } = context;
  if (tokenizer === null) throw new UsageError('missing-argument', { flag: '--tokenizer', what: tokenizerNeeded });
  const ids = requireIds(context);
  const encoded = tokenizer.encode(text, pair);
  const roles = languageRoles(options.inputs);
  const values = { ids: encoded.ids, mask: encoded.attentionMask, types: encoded.typeIds };
  return Object.fromEntries(
    options.inputs.flatMap(({ name, shape }) => {
      const role = roles.get(name);
      const isTold = role === 'ids' || role === 'mask' || role === 'types';
      return isTold && shape.length === ids.shape.length ? [[name, values[role]]] : [];
    }),
  );
}

const tokenizerNeeded = 'the tokenizer.json of the model, for the data are texts';

function requireIds({ options }: JsonContext): ValueSignature {
  const input = idsInput(options.inputs);
  if (input !== null) return input;
  throw new RangeError('the model has no input that token ids could be fed to');
}

function inputTensor(input: ValueSignature, value: unknown): DenseTensor {
  try {
    return nestedTensor(value, input.type);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`input '${input.name}': ${error.message}`) : error;
  }
}

function labelOf(value: unknown): Label | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  try {
    return untypedTensor(value);
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`its label: ${error.message}`) : error;
  }
}
