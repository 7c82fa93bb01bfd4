import { UsageError } from '../errors.ts';
import { parseAssignment } from './value-syntax.ts';

/** A flag that was not given is null. */
export function optional<T>(text: string | undefined, parse: (text: string) => T): T | null {
  return text === undefined ? null : parse(text);
}

/** A repeatable `NAME=VALUE` flag as a record. Throws UsageError for a name given twice. */
export function assignments<T>(
  flag: string,
  texts: readonly string[] = [],
  parse: (text: string) => T,
): Readonly<Record<string, T>> {
  const parsed = new Map<string, T>();
  for (const text of texts) {
    const [name, value] = parseAssignment({ flag, text });
    // Neither the first nor the last of two would be what was meant.
    if (parsed.has(name))
      throw new UsageError('bad-value', { flag, value: text, expected: `the only one for '${name}'; give it once` });
    parsed.set(name, parse(value));
  }
  return Object.fromEntries(parsed);
}

/** Patterns of a repeatable flag, each of which may be a comma list; none of them twice. */
export function patternsIn(texts: string | readonly string[] = []): readonly string[] {
  const patterns = [texts].flat().flatMap((list) => list.split(','));
  return [...new Set(patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== ''))];
}
