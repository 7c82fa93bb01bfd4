/** Levenshtein's edit distance, adjacent transpositions counted as one edit (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const edits = [at(row, j - 1) + 1, at(last, j) + 1, at(last, j - 1) + (same ? 0 : 1)];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits.push(at(beforeLast, j - 2) + 1);
      row.push(Math.min(...edits));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

/** The known name that was probably meant: fewest edits, at most a third of its length; null when none is near. */
export function nearestName(value: string, known: readonly string[]): string | null {
  const wanted = value.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(name.length, value.length) / 3));
    if (distance <= allowed && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}
