import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { unwritable } from '../errors.ts';
import { makeScratchFolder, removeLeftovers, removeQuietly } from '../onnx/file/scratch-names.ts';
import type { Workplace } from '../onnx/file/workplace.ts';
import { OpenFile } from './open-file.ts';

/** Writes a file front to back. */
export interface ScratchWriter {
  /** @throws UsageError `output-unwritable`, also when the disk is full */
  write(bytes: Uint8Array): void;
}

/** Files that a dataset unpacks its data into. They go when it is closed, or else with the process. */
export class ScratchFiles {
  readonly #workplace: Workplace;
  readonly #open: OpenFile[] = [];
  #folder: string | null = null;
  #forget: () => void = () => undefined;

  constructor(workplace: Workplace) {
    this.#workplace = workplace;
  }

  /** A new file with what `produce` writes, open for reading. @throws UsageError `output-unwritable` */
  async create(produce: (writer: ScratchWriter) => Promise<void>): Promise<OpenFile> {
    const path = join(this.#makeFolder(), String(this.#open.length));
    const file = createFile(path);
    try {
      await produce({ write: (bytes) => writeFully(file, bytes, path) });
    } finally {
      closeSync(file);
    }
    const opened = new OpenFile(path);
    this.#open.push(opened);
    return opened;
  }

  remove(): void {
    for (const file of this.#open) file.close();
    this.#forget();
    if (this.#folder !== null) removeQuietly(this.#folder);
  }

  #makeFolder(): string {
    if (this.#folder !== null) return this.#folder;
    const { temporaryFolder, owner } = this.#workplace;
    removeLeftovers(temporaryFolder, this.#workplace);
    const folder = makeScratchFolder(temporaryFolder, owner);
    this.#forget = this.#workplace.onExit(() => removeQuietly(folder));
    this.#folder = folder;
    return folder;
  }
}

function createFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw unwritable(path, error);
  }
}

function writeFully(file: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } catch (error) {
    throw unwritable(path, error);
  }
}
