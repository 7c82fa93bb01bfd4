const longest = 40;

/** One short name per path: its base name, with as many folders as tell it apart; the same path twice is numbered. */
export function modelLabels(paths: readonly string[]): readonly string[] {
  const labels = paths.map((path) => shortestSuffix(path, paths));
  // Control characters in a file name must not reach a terminal.
  const shortened = labels.map((label) => truncateMiddle(label.replace(/\p{Cc}/gu, '?'), longest));
  // Cutting may make two names equal, and so may giving one path twice: number those.
  return shortened.map((label, index) => {
    const copies = shortened.filter((other) => other === label).length;
    const nth = shortened.slice(0, index + 1).filter((other) => other === label).length;
    return copies === 1 ? label : `${label} #${nth}`;
  });
}

function shortestSuffix(path: string, paths: readonly string[]): string {
  const segments = segmentsOf(path);
  const others = paths.filter((other) => other !== path).map(segmentsOf);
  for (let depth = 1; depth < segments.length; depth += 1) {
    const suffix = segments.slice(-depth).join('/');
    if (others.every((other) => other.slice(-depth).join('/') !== suffix)) return suffix;
  }
  return segments.join('/');
}

function segmentsOf(path: string): readonly string[] {
  return path.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.');
}

/** Both ends tell models apart (name and precision), so the middle goes. */
function truncateMiddle(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(head - length + 1).join('')}`;
}
