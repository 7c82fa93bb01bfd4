/** Marks exactly `count` of the lowest scores with 1; of equal ones those that come first. */
export function lowest(scores: Float64Array, count: number): Uint8Array {
  const marks = new Uint8Array(scores.length);
  if (count <= 0) return marks;
  if (count >= scores.length) return marks.fill(1);
  const limit = scores.toSorted()[count - 1] ?? 0;
  let left = count;
  for (let i = 0; i < scores.length; i++) {
    if (!((scores[i] ?? 0) < limit)) continue;
    marks[i] = 1;
    left--;
  }
  for (let i = 0; left > 0 && i < scores.length; i++) {
    if (scores[i] !== limit) continue;
    marks[i] = 1;
    left--;
  }
  return marks;
}

/** The same for a handful of scores, which it writes Infinity over, into marks that are there. */
export function markLowestFew(scores: Float64Array, count: number, marks: Uint8Array): void {
  marks.fill(0);
  for (let taken = 0; taken < count; taken++) {
    let least = 0;
    for (let i = 1; i < scores.length; i++) if ((scores[i] ?? 0) < (scores[least] ?? 0)) least = i;
    marks[least] = 1;
    scores[least] = Infinity;
  }
}
