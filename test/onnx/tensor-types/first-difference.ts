/** The first place where elements differ (NaN equals NaN, zeros differ by sign): a million of them are no message. */
export function firstDifference(ours: ArrayLike<unknown>, theirs: ArrayLike<unknown>) {
  if (ours.length !== theirs.length) return { lengths: [ours.length, theirs.length] };
  for (let at = 0; at < ours.length; at++) {
    if (!Object.is(ours[at], theirs[at])) return { at, ours: ours[at], theirs: theirs[at] };
  }
  return null;
}
