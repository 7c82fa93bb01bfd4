import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DataError, unwritable, UsageError } from '../../errors.ts';
import type { GateIdentity, Journal, JournalEntry, JournalHeader } from '../../gate/gate-journal.ts';
import { writeAtomically } from '../write-atomically.ts';
import { identityDifferences, journalLine, parseJournal } from '../../gate/gate-journal.ts';

/** Made for the journal, so it goes with it. */
const ownFolder = '.infer';

/** Where a gate writes its blocks down as they are finished. */
export class JournalFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Begins anew; of a gate that is continued, with what is known of it. Throws UsageError `output-unwritable`. */
  begin(header: JournalHeader, entries: readonly JournalEntry[]): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
    } catch (error) {
      throw unwritable(this.#path, error);
    }
    // A second crash in the middle of it must not cost what the first one left.
    writeAtomically(this.#path, [header, ...entries].map(journalLine).join(''));
  }

  /** A line that is cut off by a crash costs one block; a call to the disk a block would disturb the next one. */
  append(entry: JournalEntry): void {
    try {
      appendFileSync(this.#path, journalLine(entry));
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
    const folder = dirname(this.#path);
    if (basename(folder) === ownFolder && readdirSync(folder).length === 0) rmdirSync(folder);
  }

  /**
   * The interrupted gate, if it is the same one.
   * @throws UsageError `journal-missing`, `journal-unlike`, DataError `journal-malformed`
   */
  read(identity: GateIdentity): Journal {
    const path = this.#path;
    if (!existsSync(path)) throw new UsageError('journal-missing', { path });
    const journal = parseJournal(readFileSync(path, 'utf8'));
    if ('problem' in journal) throw new DataError('journal-malformed', { path, problem: journal.problem });
    const differs = identityDifferences(journal.header.identity, identity);
    if (differs.length > 0) throw new UsageError('journal-unlike', { path, differs });
    return journal;
  }
}
