import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';
import { idsInput, type LanguageRole, languageRoles } from './language-roles.ts';
import { makeTensor } from './make-tensor.ts';

export interface LanguageInputs {
  readonly inputs: readonly ValueSignature[];
  readonly batchAxis: BatchAxis;
}

/**
 * Inputs that need not be in the data, since those of token ids tell them: masks of ones, token types 0, positions
 * 0..n-1, and caches of the past that are still empty. Empty for models without token ids.
 */
export function derivableInputs({ inputs, batchAxis }: LanguageInputs): ReadonlyMap<string, LanguageRole> {
  const ids = idsInput(inputs);
  if (ids === null) return new Map();
  const roles = languageRoles(inputs);
  const derivable = inputs.flatMap((input): (readonly [string, LanguageRole])[] => {
    const role = roles.get(input.name);
    if (role === undefined || role === 'ids') return [];
    const isLike = role === 'past' ? pastAxis(input, batchAxis) !== null : input.shape.length === ids.shape.length;
    return isLike || role === 'branch' ? [[input.name, role]] : [];
  });
  return new Map(derivable);
}

/** Adds to feeds with token ids the derivable inputs that they lack, but those that the user gives otherwise. */
export function completeLanguageInputs(
  feeds: NamedTensors,
  { inputs, batchAxis, given }: LanguageInputs & { readonly given: ReadonlySet<string> },
): NamedTensors {
  const missing = inputs.filter(({ name }) => !Object.hasOwn(feeds, name) && !given.has(name));
  const ids = missing.length === 0 ? null : idsInput(inputs);
  const tokens = ids && Object.hasOwn(feeds, ids.name) ? feeds[ids.name] : undefined;
  if (!ids || !tokens) return feeds;
  const batch = tokens.dims[batchAxisOf(ids, batchAxis) ?? -1] ?? 1;
  const derivable = derivableInputs({ inputs, batchAxis });
  const added = missing.flatMap((input): (readonly [string, DenseTensor])[] => {
    const role = derivable.get(input.name);
    const tensor = role === undefined ? null : derive(input, role, { dims: tokens.dims, batch, batchAxis });
    return tensor === null ? [] : [[input.name, tensor]];
  });
  return { ...feeds, ...Object.fromEntries(added) };
}

interface Tokens {
  /** Shape of the token ids. */
  readonly dims: readonly number[];
  readonly batch: number;
  readonly batchAxis: BatchAxis;
}

function derive(input: ValueSignature, role: LanguageRole, { dims, batch, batchAxis }: Tokens): DenseTensor | null {
  const { type, shape } = input;
  if (type === 'string') return null;
  const length = dims.at(-1) ?? 1;
  if (role === 'mask') return makeTensor(type, dims, () => 1);
  if (role === 'types') return makeTensor(type, dims, () => 0);
  if (role === 'positions') return makeTensor(type, dims, (index) => index % length);
  const axis = batchAxisOf(input, batchAxis);
  const sizes = shape.map((size, i) => (typeof size === 'number' ? size : i === axis ? batch : 0));
  return makeTensor(type, sizes, () => 0);
}

/** The one axis of a cache that grows; null when there is none or it cannot be told. */
function pastAxis(input: ValueSignature, batchAxis: BatchAxis): number | null {
  const batch = batchAxisOf(input, batchAxis);
  const free = input.shape.flatMap((size, i) => (typeof size === 'string' && i !== batch ? [i] : []));
  const [axis, ...others] = free;
  return axis === undefined || others.length > 0 ? null : axis;
}
