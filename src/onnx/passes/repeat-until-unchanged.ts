/** Sweeps until one changes nothing: a merge may make room for the next. Tells whether any changed something. */
export function repeatUntilUnchanged(sweep: () => boolean): boolean {
  let changed = false;
  while (sweep()) changed = true;
  return changed;
}
