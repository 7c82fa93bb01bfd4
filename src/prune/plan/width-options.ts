/** A width that a group may have, and the error with it when the others are whole. */
export interface WidthOption {
  readonly kept: number;
  readonly error: number;
}

export interface GroupOptions {
  readonly id: number;
  /** At least one. Groups that are not to change have only their width. */
  readonly options: readonly WidthOption[];
}

/** Rising widths whose errors never rise: what a measurement says otherwise is noise. */
export function orderedOptions({ id, options }: GroupOptions): GroupOptions {
  if (options.length === 0) throw new RangeError(`group ${id} has no width to choose`);
  let least = Infinity;
  const ordered = options
    .toSorted((a, b) => a.kept - b.kept)
    .map(({ kept, error }) => {
      least = Math.min(least, error);
      return { kept, error: least };
    });
  return { id, options: ordered };
}
