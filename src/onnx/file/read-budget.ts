import { ModelError } from '../../errors.ts';
import { mostInlineBytes, mostKeptBytes, mostObjectBytes } from './limits.ts';

/** What reading one model may still put into memory: a file must not take a multiple of its own size. */
export class ReadBudget {
  readonly #path: string;
  #objectBytes = mostObjectBytes;
  #keptBytes = mostKeptBytes;
  #inlineBytes = mostInlineBytes;

  constructor(path: string) {
    this.#path = path;
  }

  /** Pays for objects, by estimate. Throws ModelError when the model has too many. */
  takeObjects(bytes: number): void {
    this.#objectBytes -= bytes;
    if (this.#objectBytes < 0) throw this.#overrun('it has more nodes, values and attributes than fit in memory');
  }

  /** Pays for names, texts and bytes kept as they are. Throws ModelError when they are too many. */
  takeKept(bytes: number): void {
    this.#keptBytes -= bytes;
    if (this.#keptBytes < 0) throw this.#overrun('its names and texts are larger than fit in memory');
  }

  /** Pays for a small tensor's elements; false when there have been too many and this one has to stay in the file. */
  takeInline(bytes: number): boolean {
    if (bytes > this.#inlineBytes) return false;
    this.#inlineBytes -= bytes;
    return true;
  }

  #overrun(problem: string): ModelError {
    return new ModelError('model-invalid', { path: this.#path, where: '', problem });
  }
}
