import { posix } from 'node:path';

/** No keys of a table. */
const unusable = new Set(['', '__proto__']);

/** A name for each path: the file's where it is the only one so called, else the whole path, without `.onnx`. */
export function scenarioNames(paths: readonly string[]): readonly string[] {
  const short = paths.map((path) => posix.basename(withoutExtension(path)));
  return paths.map((path, at) => {
    const name = short[at] ?? '';
    return short.filter((other) => other === name).length === 1 && !unusable.has(name) ? name : path;
  });
}

function withoutExtension(path: string): string {
  return path.replace(/\.onnx$/i, '');
}
