import { nearestName } from '../nearest-name.ts';

const shown = 12;

/** `a, b, c and 4 more`, or `none`. */
export function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ');
}

/** `; did you mean 'x'? Known: a, b, c` for a name that was probably mistyped. */
export function suggestion(value: string, known: readonly string[], title: string): string {
  const nearest = nearestName(value, known);
  const guess = nearest === null ? '' : `; did you mean '${nearest}'?`;
  if (known.length === 0) return guess;
  return nearest === null ? `; ${title}: ${listOf(known)}` : `${guess} (${title}: ${listOf(known)})`;
}

/** `[1, 3, height, 224]` */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.map((size) => (size === '' ? '?' : String(size))).join(', ')}]`;
}

/** Problems come from other programs too: their line breaks and final period go, for the sentence goes on. */
export function clause(problem: string): string {
  return problem.replace(/\s+/g, ' ').trim().replace(/\.+$/, '');
}

/** `: problem`, or nothing where nothing is known. */
export function because(problem: string): string {
  return clause(problem) === '' ? '' : `: ${clause(problem)}`;
}

/** A word of a command line as it can be typed into a shell. */
export function argument(text: string): string {
  return /^[\w./=:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
