/** A model as the user may call it. */
export interface CalledModel {
  readonly label: string;
  readonly path: string;
}

/**
 * Models that a name means: the label or the path exactly, else the end of a path, with or without `.onnx`.
 *
 * @returns indices; several where files of one name were measured, none where the name is unknown
 */
export function namedModels(name: string, models: readonly CalledModel[]): readonly number[] {
  const matching = (isMeant: (model: CalledModel) => boolean): number[] =>
    models.flatMap((model, index) => (isMeant(model) ? [index] : []));
  const exact = matching(({ label, path }) => label === name || path === name);
  return exact.length > 0 ? exact : matching(({ label, path }) => endsWith(path, name) || endsWith(label, name));
}

/** Whether the last folders and the file of a path are those of a name. */
function endsWith(path: string, name: string): boolean {
  const parts = partsOf(path);
  const wanted = partsOf(name);
  return wanted.every((part, index) => part === parts[parts.length - wanted.length + index]);
}

function partsOf(path: string): readonly string[] {
  return path
    .replace(/\.onnx$/i, '')
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.');
}
