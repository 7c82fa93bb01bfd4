import { shortName } from './short-name.ts';

/** One short name per path: its base name, with as many folders as tell it apart; the same path twice is numbered. */
export function modelLabels(paths: readonly string[]): readonly string[] {
  const labels = paths.map((path) => shortestSuffix(path, paths));
  const shortened = labels.map((label) => shortName(label));
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
