import { DataError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';

/** Says of an input that the data do not hold what it takes, and how else to give it. */
export async function withInputHint<T>(inputs: readonly ValueSignature[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError) || error.code !== 'data-missing-input' || error.hint !== undefined) throw error;
    const name: unknown = Reflect.get(error.details, 'input');
    const input = inputs.find((candidate) => candidate.name === name);
    if (input === undefined) throw error;
    const takes = `it takes ${input.type}[${input.shape.join(', ')}]`;
    throw error.withHint(`${takes}, and --input ${input.name}=VALUE gives all samples the same`);
  }
}
