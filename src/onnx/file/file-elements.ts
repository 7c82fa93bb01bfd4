import { constants } from 'node:buffer';
import { ModelError } from '../../errors.ts';
import type { NumericType } from '../data-type.ts';
import type { ByteSource } from '../origin.ts';
import type { StoredElements } from '../tensor.ts';
import { ByteWindow } from './byte-window.ts';
import type { ElementEncoding } from './decode-elements.ts';
import { decodeElements } from './decode-elements.ts';
import type { Span } from './message-cursor.ts';

/** Where a data file's tensor lies, by the keys of `external_data`. */
export interface ExternalPlace {
  /** As the model spells it: relative to the model's folder, with `/`. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
  /** SHA-1 of the whole data file, in hex; null when none is given. */
  readonly checksum: string | null;
}

export interface FileElementsOptions {
  readonly source: ByteSource;
  readonly ranges: readonly Span[];
  readonly encoding: ElementEncoding;
  /** Number of TensorProto's field that holds them; raw_data's for a data file. */
  readonly field: number;
  readonly type: NumericType;
  /** Length of the raw elements. */
  readonly byteLength: number;
  readonly external?: ExternalPlace | null;
  /** Compares the data file with its checksum; throws ModelError. */
  readonly verify?: () => void;
}

/** Elements of a tensor in the model's file or in one beside it. */
export class FileElements implements StoredElements {
  readonly source: ByteSource;
  /** Bytes from the start of {@link source}. */
  readonly ranges: readonly Span[];
  readonly encoding: ElementEncoding;
  readonly field: number;
  readonly type: NumericType;
  readonly byteLength: number;
  /** Null for elements inside the model's file. */
  readonly external: ExternalPlace | null;
  readonly #verify: (() => void) | null;

  constructor(options: FileElementsOptions) {
    this.source = options.source;
    this.ranges = options.ranges;
    this.encoding = options.encoding;
    this.field = options.field;
    this.type = options.type;
    this.byteLength = options.byteLength;
    this.external = options.external ?? null;
    this.#verify = options.verify ?? null;
  }

  /** Compares the data file with the checksum the model gives, once; {@link load} does it too. Throws ModelError. */
  verify(): void {
    this.#verify?.();
  }

  load(): Uint8Array {
    this.verify();
    const { path } = this.source;
    if (this.byteLength > constants.MAX_LENGTH)
      throw new ModelError('model-invalid', {
        path,
        where: '',
        problem: `a tensor of ${this.byteLength} bytes does not fit in memory in one piece`,
      });
    const { ranges, encoding, type, byteLength } = this;
    return decodeElements({ window: new ByteWindow(this.source), ranges, encoding, type, byteLength });
  }
}
