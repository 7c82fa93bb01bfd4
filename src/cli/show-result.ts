import type { Command } from 'commander';
import { extname } from 'node:path';
import { writeAtomically } from '../commands/write-atomically.ts';
import { UsageError } from '../errors.ts';
import { formatsOf, loadReporter } from '../report/reporters.ts';
import type { Reportable, ResultFormat, ResultKind } from '../report/reporters.ts';
import type { Style } from '../report/style.ts';
import type { View } from '../report/view.ts';
import type { Io } from './io.ts';
import { wantsColor } from './io.ts';
import { parseName } from './value-syntax.ts';

export interface OutputChoice {
  /** Format on stdout. */
  readonly format: ResultFormat;
  readonly file: { readonly path: string; readonly format: ResultFormat } | null;
  readonly view?: View;
  /** Of the file, where it is to hold more. */
  readonly fileView?: View;
}

const formatByExtension: Readonly<Record<string, ResultFormat>> = {
  '.json': 'json',
  '.csv': 'csv',
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'table',
  '.xml': 'junit',
};

/** Width of a table where nobody tells: no terminal, or one that hides it. */
const defaultWidth = 160;

/**
 * Reads `--format`, `--json` and `-o`. With a file, stdout keeps the table and the file gets the format. A format from
 * the config is a taste for stdout: it does not make `-o result.json` anything but JSON.
 */
export function outputChoice(
  command: Command,
  kind: ResultKind,
  fileFlag: 'output' | 'report' = 'output',
): OutputChoice {
  const known = formatsOf(kind);
  const flags = command.opts<{ format: string; json?: boolean; output?: string; report?: string }>();
  const { format, json } = flags;
  const output = flags[fileFlag];
  const chosen = parseName({ flag: '--format', text: json === true ? 'json' : format }, known);
  if (output === undefined) return { format: chosen, file: null };
  // Where the output is a model, --format is about stdout alone.
  if (fileFlag === 'report') {
    const ofFile = formatOfFile(output, { known, flag: '--report', otherwise: '' });
    return { format: chosen, file: { path: output, format: ofFile } };
  }
  const isGiven = json === true || command.getOptionValueSource('format') === 'cli';
  const ofFile = isGiven ? chosen : formatOfFile(output, { known, flag: '--output', otherwise: ', or --format' });
  return { format: isGiven ? 'table' : chosen, file: { path: output, format: ofFile } };
}

interface FileFlag {
  readonly known: readonly ResultFormat[];
  readonly flag: string;
  /** What else would say the format. */
  readonly otherwise: string;
}

function formatOfFile(path: string, { known, flag, otherwise }: FileFlag): ResultFormat {
  const format = formatByExtension[extname(path).toLowerCase()];
  if (format !== undefined && known.includes(format)) return format;
  const expected = `a file ending in ${known.flatMap(extensionOf).join(', ')}${otherwise}`;
  throw new UsageError('bad-value', { flag, value: path, expected });
}

function extensionOf(format: ResultFormat): readonly string[] {
  return Object.keys(formatByExtension).filter((extension) => formatByExtension[extension] === format);
}

/**
 * Prints a result and writes its file. When the file cannot be written, what it would hold is printed instead, so
 * that nothing measured is lost, and the error is thrown.
 */
export async function showResult(result: Reportable, choice: OutputChoice, io: Io): Promise<void> {
  const plain = choice.view === undefined ? plainStyle : { ...plainStyle, view: choice.view };
  const style = { ...plain, color: wantsColor(io.stdout, io.env), width: io.stdout.columns || defaultWidth };
  const print = async (format: ResultFormat) => {
    const render = await loadRenderer(format, format === 'table' ? style : plain);
    io.stdout.write(render(result));
  };
  await print(choice.format);
  if (choice.file === null) return;
  const ofFile = choice.fileView === undefined ? plain : { ...plain, view: choice.fileView };
  try {
    writeAtomically(choice.file.path, (await loadRenderer(choice.file.format, ofFile))(result));
  } catch (error) {
    await print(choice.file.format);
    throw error;
  }
}

const plainStyle = { color: false, width: defaultWidth } as const;

/** Makes text of a result. The format is one of its kind's: outputChoice saw to that. */
export async function loadRenderer(
  format: ResultFormat,
  style: Style = plainStyle,
): Promise<(result: Reportable) => string> {
  const draw = await loadReporter(format);
  return (result) => {
    const text = draw(result, style);
    if (text === null) throw new RangeError(`a ${result.kind} result has no format ${format}`);
    return text;
  };
}
