import { extname } from 'node:path';
import { DataError, UsageError } from '../errors.ts';
import type { LineIndex } from './line-index.ts';
import { indexLines } from './line-index.ts';
import { OpenFile } from './open-file.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** A text to go on from. */
export interface PromptRow {
  readonly ids: readonly number[];
  /** Names it in errors. */
  readonly origin: string;
}

export interface PromptOptions {
  /** Which texts need. */
  readonly tokenizer: TextTokenizer | null;
  /** Most rows to read. */
  readonly limit: number;
}

/** Endings of files of prompts. */
const promptFiles = ['.jsonl', '.txt'] as const;

/** More text than a string can be made of. */
const longestRow = 2 ** 28;
const decoder = new TextDecoder();

export function isPromptFile(path: string): boolean {
  return promptFiles.some((ending) => ending === extname(path).toLowerCase());
}

/**
 * Prompts from a `.jsonl` file with `{"text": "…"}` or `{"ids": […]}` in each row, or from a `.txt` file with a text in
 * each line.
 * @throws DataError `data-malformed` naming the row; UsageError `missing-argument` for texts without a tokenizer
 */
export async function readPrompts(path: string, { tokenizer, limit }: PromptOptions): Promise<readonly PromptRow[]> {
  const file = new OpenFile(path);
  try {
    const lines = await indexLines(file);
    if (lines.count === 0) throw malformed(path, 'there are no rows in it');
    const rows: PromptRow[] = [];
    for (let index = 0; index < Math.min(lines.count, limit); index++) {
      const origin = `${path} row ${index + 1}`;
      const text = await lineText(lines, index, origin);
      const row = extname(path).toLowerCase() === '.txt' ? text : parsed(text, origin);
      rows.push({ ids: idsOf(row, tokenizer, origin), origin });
    }
    return rows;
  } finally {
    file.close();
  }
}

async function lineText(lines: LineIndex, index: number, origin: string): Promise<string> {
  const bytes = await lines.read(index, longestRow);
  if (bytes === null) throw malformed(origin, `it is longer than ${longestRow} bytes`);
  return decoder.decode(bytes).replace(/\r?\n\s*$/, '');
}

/** The text of a row, or its token ids. */
function parsed(line: string, origin: string): string | readonly number[] {
  const row = rowOf(line, origin);
  if (typeof row === 'object' && row !== null && 'text' in row && typeof row.text === 'string') return row.text;
  if (typeof row === 'object' && row !== null && 'ids' in row && Array.isArray(row.ids)) {
    const ids: readonly unknown[] = row.ids;
    return ids.map((id) => {
      if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
      throw malformed(origin, `its "ids" hold ${JSON.stringify(id)}, which is no token id`);
    });
  }
  throw malformed(origin, 'it has neither a "text" nor "ids" (a list of token ids)');
}

function rowOf(line: string, origin: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw malformed(origin, `it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function idsOf(row: string | readonly number[], tokenizer: TextTokenizer | null, origin: string): readonly number[] {
  const ids = typeof row === 'string' ? encoded(row, tokenizer) : row;
  if (ids.length === 0) throw malformed(origin, 'it has no tokens to go on from');
  return ids;
}

function encoded(text: string, tokenizer: TextTokenizer | null): readonly number[] {
  if (tokenizer !== null) return tokenizer.encode(text).ids;
  throw new UsageError('missing-argument', {
    flag: '--tokenizer',
    what: 'the tokenizer.json of the model, for the data are texts',
  });
}

function malformed(path: string, problem: string): DataError {
  return new DataError('data-malformed', { path, offset: null, problem });
}
