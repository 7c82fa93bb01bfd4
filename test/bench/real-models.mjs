import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const models = JSON.parse(readFileSync(new URL('fixtures/models/models.json', root), 'utf8'));

/** A real model by its name in fixtures/models, with its absolute path. */
export function realModel(name) {
  const { path, input, dims, flags = [] } = models[name];
  return { name, path: fileURLToPath(new URL(path, root)), input, dims, flags };
}
