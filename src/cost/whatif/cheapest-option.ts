import type { CostCurve, CostOption } from '../cost-result.ts';

/** Whether an option serves the load and, where there is one, meets the objective. */
export function serves({ obstacle, meetsSlo }: CostOption): boolean {
  return obstacle === null && meetsSlo !== false;
}

/** A curve as far as it tells what work was measured. */
export type CurveWork = Pick<CostCurve, 'modelIndex' | 'dims'>;

/**
 * Whether an option does the work that is meant. Of a model that was measured at several lengths, the first of these is:
 * a shorter text is no cheaper way to read a longer one.
 *
 * @param curves that options point into
 * @param dims another length to mean, where the model was measured at it
 */
export function isMeant(
  { modelIndex, curveIndex }: CostOption,
  curves: readonly CurveWork[],
  dims?: CurveWork['dims'],
): boolean {
  const own = curves.filter((curve) => curve.modelIndex === modelIndex);
  const meant = own.find((curve) => dims !== undefined && isAlike(curve.dims, dims)) ?? own[0];
  const curve = curves[curveIndex];
  return meant === undefined || (curve !== undefined && isAlike(curve.dims, meant.dims));
}

export interface Wanted {
  /** Null for any model. */
  readonly modelIndex: number | null;
  readonly dims?: CurveWork['dims'];
}

/**
 * Index of the first option of a model that serves and does the work that is meant.
 *
 * @param options ranked
 * @returns null where none does
 */
export function cheapestOption(
  options: readonly CostOption[],
  curves: readonly CurveWork[],
  { modelIndex, dims }: Wanted,
): number | null {
  const index = options.findIndex(
    (option) =>
      (modelIndex === null || option.modelIndex === modelIndex) && serves(option) && isMeant(option, curves, dims),
  );
  return index === -1 ? null : index;
}

/** Whether two sets of dimensions are the same. */
function isAlike(one: CurveWork['dims'], other: CurveWork['dims']): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
