import { isFloatType, isIntegerType } from '../onnx/data-type.ts';
import type { ValueSignature } from '../onnx/signature.ts';

/** What an input of a language model is for, told by the names that exporters use. */
export type LanguageRole = 'ids' | 'mask' | 'types' | 'positions' | 'past' | 'branch';

const roleNames: readonly (readonly [LanguageRole, RegExp])[] = [
  ['ids', /^(input_ids|ids|tokens|token_ids)$/],
  ['mask', /^(attention_mask|input_mask|mask)$/],
  ['types', /^(token_type_ids|segment_ids)$/],
  ['positions', /^(position_ids|positions|pos_ids)$/],
  ['branch', /^use_cache_branch$/],
];

/**
 * The role of each input that has one. Token ids that no name tells are the only input of whole numbers without another
 * role.
 */
export function languageRoles(inputs: readonly ValueSignature[]): ReadonlyMap<string, LanguageRole> {
  const roles = new Map<string, LanguageRole>();
  for (const input of inputs) {
    const role = namedRole(input);
    if (role !== null) roles.set(input.name, role);
  }
  if ([...roles.values()].includes('ids')) return roles;
  const integers = inputs.filter(({ name, type, shape }) => !roles.has(name) && isIdType(type) && shape.length > 0);
  const [only, ...others] = integers;
  if (only && others.length === 0) roles.set(only.name, 'ids');
  return roles;
}

/** The input that token ids are fed to; null when the model has none. */
export function idsInput(inputs: readonly ValueSignature[]): ValueSignature | null {
  const roles = languageRoles(inputs);
  return inputs.find(({ name }) => roles.get(name) === 'ids') ?? null;
}

function namedRole({ name, type, shape }: ValueSignature): LanguageRole | null {
  // TensorFlow's exporters number the outputs of a node: `input_ids:0`.
  const plain = name.replace(/:\d+$/, '').toLowerCase();
  const role = roleNames.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
  if (role === null) return /past|cache/.test(plain) && isFloatType(type) && shape.length >= 3 ? 'past' : null;
  if (role === 'branch') return type === 'bool' ? role : null;
  if (role === 'mask') return isIntegerType(type) || isFloatType(type) || type === 'bool' ? role : null;
  return isIdType(type) ? role : null;
}

function isIdType(type: ValueSignature['type']): boolean {
  return type === 'int64' || type === 'int32';
}
