/** Rows that share a key. */
export interface Group<Row> {
  readonly key: string;
  readonly members: readonly Row[];
}

/** Rows by a key, the largest group first; those without a key are left out. */
export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): readonly Group<Row>[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const members = groups.get(key) ?? [];
    members.push(row);
    groups.set(key, members);
  }
  return [...groups]
    .map(([key, members]) => ({ key, members }))
    .toSorted((a, b) => b.members.length - a.members.length);
}
