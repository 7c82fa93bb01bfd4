/** A model as a file. */
interface ModelFile {
  readonly path: string;
  readonly sha256: string;
}

/** One label a model: the file's name, with as many folders as tell it apart; files of one path by their hash. */
export function labelModels(models: readonly ModelFile[]): readonly string[] {
  return models.map((model) => {
    const suffix = shortestSuffix(model.path, models);
    const isShared = models.some((other) => other !== model && other.path === model.path);
    return isShared ? `${suffix} (${model.sha256.slice(0, 8)})` : suffix;
  });
}

function shortestSuffix(path: string, models: readonly ModelFile[]): string {
  const segments = segmentsOf(path);
  const others = models.filter((other) => other.path !== path).map((other) => segmentsOf(other.path));
  for (let depth = 1; depth < segments.length; depth += 1) {
    const suffix = segments.slice(-depth).join('/');
    if (others.every((other) => other.slice(-depth).join('/') !== suffix)) return suffix;
  }
  return segments.join('/');
}

function segmentsOf(path: string): readonly string[] {
  return path.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.');
}
