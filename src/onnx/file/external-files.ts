import { ModelError } from '../../errors.ts';
import { ExternalFile } from './external-file.ts';
import { problemOfSpelling, resolveLocation } from './external-location.ts';
import { mostOpenFiles } from './limits.ts';

/** The data files of one model. One that is spelled in several ways (`w.bin`, `./w.bin`) is one file. */
export class ExternalFiles {
  readonly #modelPath: string;
  readonly #byLocation = new Map<string, ExternalFile>();
  readonly #byPath = new Map<string, ExternalFile>();
  readonly #open = new Set<ExternalFile>();
  #isClosed = false;

  constructor(modelPath: string) {
    this.#modelPath = modelPath;
  }

  get files(): readonly ExternalFile[] {
    return [...this.#byPath.values()];
  }

  /** The file at a location. Throws ModelError when it is missing or not one that the model may name. */
  find(location: string, tensor: string): ExternalFile {
    const known = this.#byLocation.get(location);
    if (known !== undefined) return known;
    const file = this.#resolve(location, tensor);
    this.#byLocation.set(location, file);
    return file;
  }

  /** Closes all of them, for good. */
  close(): void {
    this.#isClosed = true;
    for (const file of this.#open) file.close();
    this.#open.clear();
  }

  #resolve(location: string, tensor: string): ExternalFile {
    const fail = (problem: string) =>
      new ModelError('model-external-data', { path: this.#modelPath, tensor, location, problem });
    const spelling = problemOfSpelling(location);
    if (spelling !== null) throw fail(spelling);
    const found = resolveLocation(this.#modelPath, location);
    if ('problem' in found) throw fail(found.problem);
    const { path } = found;
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const onOpen = (file: ExternalFile) => this.#makeRoom(file);
    const file = new ExternalFile({ path, modelPath: this.#modelPath, location, tensor, onOpen });
    this.#byPath.set(path, file);
    return file;
  }

  #makeRoom(file: ExternalFile): void {
    if (this.#isClosed) throw file.failure('the model was closed already');
    const [oldest] = this.#open;
    if (this.#open.size >= mostOpenFiles && oldest !== undefined) {
      oldest.close();
      this.#open.delete(oldest);
    }
    this.#open.add(file);
  }
}
