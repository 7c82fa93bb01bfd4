import { DataError } from '../errors.ts';
import { derivableInputs } from './complete-language-inputs.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { idsInput } from './language-roles.ts';

/** The name under which data keep what is true of a sample. */
export const labelName = 'label';

/**
 * Compares the names in data with the model's inputs: all must be there but those that the user gives or that follow
 * from token ids, and nothing else may be but labels.
 * @throws DataError `data-unknown-input` or `data-missing-input`
 */
export function checkNames(
  names: readonly string[],
  { path, options }: { readonly path: string; readonly options: DatasetOptions },
): void {
  const { inputs, given } = options;
  const known = inputs.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name) && name !== labelName);
  if (stranger !== undefined) throw new DataError('data-unknown-input', { path, name: stranger, known });
  const ids = idsInput(inputs);
  const derivable = ids !== null && names.includes(ids.name) ? derivableInputs(options) : new Map<string, unknown>();
  const missing = known.find((name) => !names.includes(name) && !given.has(name) && !derivable.has(name));
  if (missing !== undefined) throw new DataError('data-missing-input', { path, input: missing, found: names });
}
