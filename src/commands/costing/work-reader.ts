import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Work } from '../../cost/hardware/translation.ts';
import type { Sweep } from '../../cost/service/sweep.ts';
import { ModelError } from '../../errors.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { identifyModel } from '../identify-model.ts';
import { modelWork } from '../model-work.ts';

/** Looks at model files, each once, for what their runs take. */
export class WorkReader {
  readonly #cwd: string;
  readonly #files = new Map<string, { readonly path: string; readonly found: string | null }>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** Of one item; null where the very file that was measured is not there, or its products cannot be told. */
  async workOf(sweep: Sweep): Promise<Work | null> {
    // A request for text is many runs, of which a graph alone tells nothing.
    if (sweep.points.some(({ tokens }) => tokens !== undefined)) return null;
    const path = await this.#fileOf(sweep);
    return path === null ? null : fileWork(path, sweep);
  }

  /** Paths of the models that were looked for and not found as they were measured. */
  missing(): readonly string[] {
    return [...this.#files.values()].flatMap(({ path, found }) => (found === null ? [path] : []));
  }

  async #fileOf({ model: { path, sha256 }, path: resultPath }: Sweep): Promise<string | null> {
    const known = this.#files.get(sha256);
    if (known !== undefined) return known.found;
    // Paths in a result are from the folder it was made in, which is often where it lies.
    const places = [resolve(this.#cwd, path), resolve(this.#cwd, dirname(resultPath), path)];
    const found = await findFile(places, sha256);
    this.#files.set(sha256, { path, found });
    return found;
  }
}

async function findFile(places: readonly string[], sha256: string): Promise<string | null> {
  for (const place of new Set(places)) if (existsSync(place) && (await hashOf(place)) === sha256) return place;
  return null;
}

async function hashOf(path: string): Promise<string | null> {
  try {
    return (await identifyModel(path)).sha256;
  } catch {
    // Whatever lies there now, it is not what was measured.
    return null;
  }
}

function fileWork(path: string, sweep: Sweep): Work | null {
  try {
    const opened = openModel(path);
    try {
      return perItem(modelWork(opened.model, dimsOfOne(sweep)), sweep);
    } finally {
      opened.close();
    }
  } catch (error) {
    // The runtime took it, so that it has a cost; what is in it nobody tells.
    if (error instanceof ModelError) return null;
    throw error;
  }
}

/** Every dimension as it was bound, those that the sweep varied as 1. */
function dimsOfOne({ points, dims }: Sweep): Readonly<Record<string, number>> {
  const bound = Object.keys(points[0]?.dims ?? {});
  return { ...Object.fromEntries(bound.map((name) => [name, 1])), ...dims };
}

/** A batch that the model fixes is in its shapes. */
function perItem(work: Work | null, { points, dims }: Sweep): Work | null {
  const [point] = points;
  if (work === null || point === undefined) return null;
  const isVaried = Object.keys(point.dims).some((name) => dims[name] === undefined);
  const items = isVaried ? 1 : (point.batch ?? 1);
  return { ...work, flop: work.flop / items, bytes: work.bytes / items };
}
