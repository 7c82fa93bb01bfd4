import type { Finding } from '../../errors.ts';

/** The sentence that a record has for a finding's code, made of its details; null where it has none. */
export function sentenceFrom(record: object, finding: Finding, ...context: readonly unknown[]): string | null {
  if (!Object.hasOwn(record, finding.code)) return null;
  const sentence: unknown = Reflect.get(record, finding.code);
  if (typeof sentence !== 'function') return null;
  try {
    const text: unknown = Reflect.apply(sentence, undefined, [finding.details, ...context]);
    return typeof text === 'string' ? text : null;
  } catch {
    // A saved finding of another version may lack a detail: its plain data is shown instead.
    return null;
  }
}
