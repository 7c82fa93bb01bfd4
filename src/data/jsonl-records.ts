import { DataError } from '../errors.ts';
import type { DataRecord, RecordSource } from './data-record.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { hasPair, jsonRecord } from './json-record.ts';
import { indexLines, type LineIndex } from './line-index.ts';
import { OpenFile } from './open-file.ts';
import { loadTokenizer } from './tokenizer.ts';

/** Longest row: more text than a string can be made of. */
const maxLineBytes = 2 ** 28;

/**
 * Rows of a `.jsonl` file, one sample each. Only where they begin is in memory.
 * @throws DataError `data-malformed` naming the row, and as `jsonRecord` and `loadTokenizer` do
 */
export async function jsonlRecords(path: string, options: DatasetOptions): Promise<RecordSource> {
  const tokenizer = options.tokenizer === null ? null : await loadTokenizer(options.tokenizer);
  const file = new OpenFile(path);
  try {
    const lines = await indexLines(file);
    const originOf = (index: number) => `${path} row ${index + 1}`;
    const rowAt = (index: number) => parseRow(lines, index, originOf(index));
    const load = async (index: number): Promise<DataRecord> => {
      const row = await rowAt(index);
      return naming(originOf(index), () => jsonRecord(row, { options, tokenizer, path: originOf(index) }));
    };
    if (lines.count === 0) throw malformed(path, 'there are no rows in it');
    const { label } = await load(0);
    const close = () => file.close();
    return {
      path,
      size: lines.count,
      hasLabels: label !== null,
      classNames: null,
      hasPairs: hasPair(await rowAt(0)),
      originOf,
      load,
      quickKey: null,
      close,
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** It takes a byte order mark away. */
const decoder = new TextDecoder();

async function parseRow(lines: LineIndex, index: number, origin: string): Promise<unknown> {
  const bytes = await lines.read(index, maxLineBytes);
  if (bytes === null) throw malformed(origin, `it is longer than ${maxLineBytes} bytes`);
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw malformed(origin, `it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function naming<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? malformed(path, error.message) : error;
  }
}

function malformed(path: string, problem: string): DataError {
  return new DataError('data-malformed', { path, offset: null, problem });
}
