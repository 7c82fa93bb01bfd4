import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { unwritable, UsageError } from '../errors.ts';

/**
 * Writes a file under a temporary name in its folder, then renames it: a reader sees the old file or the new one,
 * never half of one. Throws UsageError 'output-unwritable'.
 */
export function writeAtomically(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const stats = statSync(path, { throwIfNoEntry: false });
    // A pipe or device (/dev/stdout, /dev/null) must stay what it is, and a link go on pointing to its file.
    if (stats !== undefined && !stats.isFile()) writeFileSync(path, text);
    else if (stats === undefined) replaceFile(path, text, null);
    else replaceFile(realpathSync(path), text, stats.mode);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** A file that only its owner may read stays one: `mode` is that of the file that is replaced. */
function replaceFile(path: string, text: string, mode: number | null): void {
  // Without the file's own name, which may be as long as a name can be.
  const temporary = join(dirname(path), `.infer-${randomUUID()}.tmp`);
  try {
    const file = openSync(temporary, 'wx');
    try {
      if (mode !== null) fchmodSync(file, mode);
      writeFully(file, Buffer.from(text));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Whether a path is, or would become, a file that can be replaced: no pipe and no device. */
export function isReplaceable(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
}

/**
 * Says before hours of measuring, not after, that the result cannot be written, or would replace what it is made of.
 * Throws UsageError.
 */
export function checkWritable(path: string, inputs: readonly string[] = []): void {
  if (inputs.some((input) => isSameFile(path, input)))
    throw new UsageError('output-unwritable', { path, problem: 'it is an input of this very command' });
  try {
    mkdirSync(dirname(path), { recursive: true });
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true)
      throw new UsageError('output-unwritable', { path, problem: 'it is a directory' });
    // A file is replaced, for which its folder counts; a pipe or device is written to.
    if (stats !== undefined && !stats.isFile()) accessSync(path, constants.W_OK);
    else accessSync(dirname(stats === undefined ? path : realpathSync(path)), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Through links too. What cannot be looked at is told apart by whoever reads or writes it. */
function isSameFile(path: string, other: string): boolean {
  try {
    const [own, others] = [statSync(path, { bigint: true }), statSync(other, { bigint: true })];
    return own.ino === others.ino && own.dev === others.dev;
  } catch {
    return false;
  }
}

function writeFully(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
