import type { FormRows } from '../../stats/quadratic-forms.ts';
import { quadraticForms } from '../../stats/quadratic-forms.ts';

/**
 * Squared norm of the outputs `X w`, summed over some columns w of a weight, from the gram matrix `X^T X` alone: the sum
 * of `w^T H w`. Of the differences of two weights it is the output's squared error.
 */
export function outputEnergy(rows: FormRows, gram: Float64Array): number {
  return quadraticForms(rows, gram).reduce((sum, form) => sum + form, 0);
}
