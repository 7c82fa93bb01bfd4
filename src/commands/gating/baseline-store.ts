import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../errors.ts';
import type { GateBaseline } from '../../gate/gate-baseline.ts';
import { emptyBaseline, formatBaseline, parseBaseline } from '../../gate/gate-baseline.ts';
import { writeAtomically } from '../write-atomically.ts';

/** A stored baseline: one file, or a folder with one for each fingerprint of a machine. */
export class BaselineStore {
  readonly path: string;

  constructor(path: string, fingerprint: string) {
    this.path = isFolder(path) ? join(path, `${fingerprint}.json`) : path;
  }

  /** Null where there is none yet. Throws DataError `baseline-malformed`. */
  read(): GateBaseline | null {
    if (!existsSync(this.path)) return null;
    const baseline = parseBaseline(readFileSync(this.path, 'utf8'));
    if (baseline === null) throw new DataError('baseline-malformed', { path: this.path });
    return baseline;
  }

  /** Throws UsageError `output-unwritable`. */
  write(change: (baseline: GateBaseline) => GateBaseline): void {
    writeAtomically(this.path, formatBaseline(change(this.read() ?? emptyBaseline)));
  }
}

/** What does not exist yet is a folder unless it is named like a file. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? !path.endsWith('.json');
}
