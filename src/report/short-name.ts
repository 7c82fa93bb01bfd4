/** A name out of a model or a path for one line: no control characters, which must not reach a terminal, and cut. */
export function shortName(name: string, longest = 40): string {
  return truncateMiddle(endsOf(name, longest).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?'), longest);
}

/** All that can be left of a name of megabytes, which would take long to cut. */
function endsOf(name: string, longest: number): string {
  return name.length <= longest * 8 ? name : name.slice(0, longest * 4) + name.slice(-longest * 4);
}

/** Both ends tell names apart (module and operator, name and precision), so the middle goes. */
function truncateMiddle(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(head - length + 1).join('')}`;
}
