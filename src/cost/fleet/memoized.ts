/** A function that looks for each answer once. @param keyOf the same for arguments that have the same answer */
export function memoized<A, T extends NonNullable<unknown> | null>(
  keyOf: (argument: A) => string,
  find: (argument: A) => T,
): (argument: A) => T {
  const known = new Map<string, T>();
  return (argument) => {
    const key = keyOf(argument);
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = find(argument);
    known.set(key, found);
    return found;
  };
}
