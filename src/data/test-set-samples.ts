import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { checkTensor } from './check-tensor.ts';
import { unreadable } from './data-file.ts';
import { readPbFile } from './pb-file.ts';
import type { Sample } from './sample.ts';
import type { SampleOptions } from './sample-options.ts';

const filePattern = /^(input|output)_(\d{1,6})\.pb$/;

/** Whether a file's name is one of an ONNX test data set's. */
export function isTestSetFile(file: string): boolean {
  return filePattern.test(file);
}

/**
 * One sample from each `test_data_set_*` folder. The names inside the files say which input or output they are; when
 * one of them is none of the model's, the number in the file's name does.
 * @throws DataError naming the file
 */
export function testSetSamples(folders: readonly string[], options: SampleOptions): readonly Sample[] {
  const chosen = options.limit === null ? folders : options.random.shuffle(folders).slice(0, options.limit);
  return chosen.map((folder) => readTestSet(folder, options));
}

/** The tensors of one folder. @throws DataError naming the file */
export function readTestSet(
  folder: string,
  options: Pick<SampleOptions, 'inputs' | 'outputs' | 'given' | 'batchAxis'>,
): Sample {
  const { inputs, outputs, given, batchAxis } = options;
  const found = readTensors(folder, 'input', inputs);
  for (const input of inputs) {
    const file = found.get(input.name);
    if (given.has(input.name)) continue;
    if (!file) throw new DataError('data-missing-input', { path: folder, input: input.name, found: [...found.keys()] });
    checkTensor(input, file.tensor, { path: file.path, batchAxis });
  }
  const expected = readTensors(folder, 'output', outputs);
  // With another input in place of the stored one, the stored outputs are no longer those to expect.
  const usable = expected.size > 0 && ![...found.keys()].some((name) => given.has(name));
  const own = [...found].filter(([name]) => !given.has(name));
  return { inputs: tensorsOf(own), expected: usable ? tensorsOf([...expected]) : null, origin: folder };
}

interface TensorFile {
  readonly path: string;
  readonly tensor: DenseTensor;
}

function readTensors(
  folder: string,
  side: 'input' | 'output',
  values: readonly ValueSignature[],
): ReadonlyMap<string, TensorFile> {
  const known = values.map((value) => value.name);
  const files = numberedFiles(folder, side).map(({ file, number }) => {
    const path = join(folder, file);
    return { path, file, number, ...readPbFile(path) };
  });
  const names = new Set(files.map(({ name }) => name));
  const named = names.size === files.length && [...names].every((name) => known.includes(name));
  return new Map(
    files.map(({ path, file, number, name, tensor }) => {
      const own = named ? name : known[number];
      if (own === undefined) throw new DataError('data-unknown-input', { path, name: name || file, known });
      return [own, { path, tensor }];
    }),
  );
}

function numberedFiles(folder: string, side: string): readonly { readonly file: string; readonly number: number }[] {
  return namesIn(folder)
    .flatMap((file) => {
      const [, kind, number] = filePattern.exec(file) ?? [];
      return kind === side ? [{ file, number: Number(number) }] : [];
    })
    .toSorted((first, second) => first.number - second.number);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function tensorsOf(files: readonly (readonly [string, TensorFile])[]): NamedTensors {
  return Object.fromEntries(files.map(([name, { tensor }]) => [name, tensor]));
}
