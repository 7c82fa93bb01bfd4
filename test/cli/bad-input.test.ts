import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildZip } from '../data/build-zip.ts';
import { addModel, linearModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { classifier, voiceDetector } from './real-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const folder = join(files.folder, 'folder');
mkdirSync(join(files.folder, 'folder.json'), { recursive: true });
mkdirSync(folder);
const linear = files.write('linear.onnx', linearModel());
const whole = readFileSync(classifier);

function npz(name: string, entries: Record<string, Uint8Array>): string {
  return files.write(name, buildZip(Object.entries(entries).map(([key, data]) => ({ name: `${key}.npy`, data }))));
}

const zeros = (...shape: number[]) => new Float32Array(shape.reduce((product, size) => product * size, 1));
const floatRows = buildNpy('<f4', [2, 4], zeros(2, 4));

interface BadInput {
  readonly words: readonly string[];
  readonly exitCode: 2 | 3 | 4;
  /** What is at fault: the path or flag. */
  readonly names: string;
  readonly says: RegExp;
  /** What to do. */
  readonly cure: RegExp;
}

const bad: Readonly<Record<string, BadInput>> = {
  'a missing file': {
    words: [join(files.folder, 'gone.onnx')],
    exitCode: 2,
    names: 'gone.onnx',
    says: /no such file/,
    cure: /check the path/,
  },
  'a folder': { words: [folder], exitCode: 2, names: folder, says: /is a folder/, cure: /give the path of the file/ },
  'an empty file': {
    words: [files.write('empty.onnx', '')],
    exitCode: 3,
    names: 'empty.onnx',
    says: /0 bytes/,
    cure: /export or download/,
  },
  'a JPEG': {
    words: [files.write('photo.onnx', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'))],
    exitCode: 3,
    names: 'photo.onnx',
    says: /JPEG image/,
    cure: /give an \.onnx file/,
  },
  'a truncated model': {
    words: [files.write('half.onnx', whole.subarray(0, Math.floor(whole.length / 2)))],
    exitCode: 3,
    names: 'half.onnx',
    says: /cut short or damaged at byte \d+ of \d+/,
    cure: /copy or download the model again/,
  },
  'a model whose middle is overwritten': {
    words: [files.write('overwritten.onnx', Buffer.from(whole).fill(0xff, 1000, 3000))],
    exitCode: 3,
    names: 'overwritten.onnx',
    says: /rejects the model|damaged/,
    cure: /export it again|download/,
  },
  'a second model that is missing': {
    words: [linear, join(files.folder, 'gone.onnx')],
    exitCode: 2,
    names: 'gone.onnx',
    says: /no such file/,
    cure: /check the path/,
  },
  'an unknown operator': {
    words: [files.write('unknown.onnx', unknownOperatorModel())],
    exitCode: 3,
    names: 'unknown.onnx',
    says: /com\.example\.Frobnicate/,
    cure: /another opset or replace the node/,
  },
  '--shape of another rank': {
    words: [classifier, '--shape', 'x=1x3x48'],
    exitCode: 2,
    names: "input 'x'",
    says: /\[1, 3, 48\] does not fit the declared \[.*, 3, .*\]/,
    cure: /give 4 dimensions/,
  },
  '--shape against a fixed axis': {
    words: [classifier, '--shape', 'x=1x4x48x192'],
    exitCode: 2,
    names: "input 'x'",
    says: /\[1, 4, 48, 192\] does not fit/,
    cure: /fixed ones as declared/,
  },
  '--shape that is no shape': {
    words: [linear, '--shape', 'x=1,4'],
    exitCode: 2,
    names: '--shape',
    says: /'1,4'/,
    cure: /such as 1x3x224x224/,
  },
  '--shape of an unknown input': {
    words: [linear, '--shape', 'image=1x4'],
    exitCode: 2,
    names: "'image'",
    says: /has no input/,
    cure: /its inputs: x/,
  },
  'a dimension nobody can guess': {
    words: [classifier],
    exitCode: 2,
    names: 'ch_ppocr_mobile_v2.0_cls_infer.onnx',
    says: /symbolic dimension '[^']+' that cannot be guessed/,
    cure: /--dim \S+=VALUE .* --shape x=/,
  },
  'an unknown --dim': {
    words: [linear, '--dim', 'batsh=2'],
    exitCode: 2,
    names: '--dim batsh',
    says: /no such dimension/,
    cure: /did you mean 'batch'/,
  },
  'an unknown --input': {
    words: [linear, '--input', 'y=1'],
    exitCode: 2,
    names: "'y'",
    says: /has no input/,
    cure: /'x'|x/,
  },
  'an --input of another type': {
    words: [linear, '--input', 'x=many'],
    exitCode: 2,
    names: '--input',
    says: /'x=many'/,
    cure: /a value of type float32/,
  },
  'an --input file that is missing': {
    words: [linear, '--input', `x=${join(files.folder, 'gone.npy')}`],
    exitCode: 2,
    names: 'gone.npy',
    says: /no such file/,
    cure: /check the path/,
  },
  'a sampling rate that is not given': {
    words: [voiceDetector, '--shape', 'input=1x512', '--dim', 'state#1=1'],
    exitCode: 2,
    names: "'sr'",
    says: /cannot be guessed/,
    cure: /--input sr=/,
  },
  'an .npz with another name': {
    words: [linear, '--data', npz('name.npz', { z: floatRows })],
    exitCode: 3,
    names: 'name.npz',
    says: /'z', which is not an input/,
    cure: /its inputs: x|did you mean 'x'/,
  },
  'an .npz with another type': {
    words: [linear, '--data', npz('type.npz', { x: buildNpy('<f8', [2, 4], new Float64Array(8)) })],
    exitCode: 3,
    names: 'type.npz',
    says: /'x' holds float64 where the model takes float32/,
    cure: /convert the array/,
  },
  'an .npz of another rank': {
    words: [linear, '--data', npz('rank.npz', { x: buildNpy('<f4', [2, 2, 2, 4], zeros(2, 2, 2, 4)) })],
    exitCode: 3,
    names: 'rank.npz',
    says: /'x' has shape \[2, 2, 4\] where the model takes \[batch, 4\]/,
    cure: /reshape the array/,
  },
  'an .npz against a fixed axis': {
    words: [linear, '--data', npz('axis.npz', { x: buildNpy('<f4', [2, 5], zeros(2, 5)) })],
    exitCode: 3,
    names: 'axis.npz',
    says: /takes \[batch, 4\]/,
    cure: /reshape the array/,
  },
  'an .npz cut off': {
    words: [linear, '--data', files.write('cut.npz', buildZip([{ name: 'x.npy', data: floatRows }]).subarray(0, 100))],
    exitCode: 3,
    names: 'cut.npz',
    says: /cannot be read|cannot be used/,
    cure: /write .*again|copy/,
  },
  'an .npz that is missing': {
    words: [linear, '--data', join(files.folder, 'gone.npz')],
    exitCode: 2,
    names: 'gone.npz',
    says: /no such file/,
    cure: /check the path/,
  },
  '--data of an unknown kind': {
    words: [linear, '--data', files.write('data.parquet', 'PAR1')],
    exitCode: 3,
    names: 'data.parquet',
    says: /cannot be used as data/,
    cure: /\.npz/,
  },
  'an unknown --ep': {
    words: [linear, '--ep', 'cdua'],
    exitCode: 2,
    names: '--ep',
    says: /'cdua'/,
    cure: /did you mean 'cuda'/,
  },
  'an --ep like no other': {
    words: [linear, '--ep', 'bogus'],
    exitCode: 2,
    names: '--ep',
    says: /'bogus'/,
    cure: /known: cpu, webgpu, cuda/,
  },
  '--batch 0': { words: [linear, '--batch', '0'], exitCode: 2, names: '--batch', says: /below 1/, cure: /write 1,2,4/ },
  '--batch 1-': { words: [linear, '--batch', '1-'], exitCode: 2, names: '--batch', says: /'1-'/, cure: /write 1,2,4/ },
  '--batch against --dim': {
    words: [linear, '--batch', '2', '--dim', 'batch=3'],
    exitCode: 2,
    names: "'batch'",
    says: /as 3 and as 2|as 2 and as 3/,
    cure: /must agree/,
  },
  'a --batch that no memory holds': {
    words: [linear, '--batch', '9007199254740991'],
    exitCode: 2,
    names: 'x=9007199254740991x4',
    says: /bytes an input/,
    cure: /at most/,
  },
  '--dim without a value': {
    words: [linear, '--dim', 'batch'],
    exitCode: 2,
    names: '--dim',
    says: /'batch'/,
    cure: /NAME=VALUE/,
  },
  '--budget that is no time': {
    words: [linear, '--budget', 'long'],
    exitCode: 2,
    names: '--budget',
    says: /'long'/,
    cure: /500ms, 2s or 3m/,
  },
  '--output in a folder that is a file': {
    words: [linear, '-o', join(linear, 'result.json')],
    exitCode: 2,
    names: 'result.json',
    says: /a part of its path is a file/,
    cure: /another path with -o/,
  },
  '--output that is a folder': {
    words: [linear, '-o', join(files.folder, 'folder.json')],
    exitCode: 2,
    names: 'folder.json',
    says: /it is a directory/,
    cure: /another path with -o/,
  },
  '--output of an unknown kind': {
    words: [linear, '-o', join(files.folder, 'result.xlsx')],
    exitCode: 2,
    names: '--output',
    says: /result\.xlsx/,
    cure: /\.json, .*or --format/,
  },
  '--config that is missing': {
    words: [linear, '--config', join(files.folder, 'gone.yaml')],
    exitCode: 2,
    names: 'gone.yaml',
    says: /no such file/,
    cure: /check the path/,
  },
  '--config with a broken line': {
    words: [linear, '--config', files.write('broken.yaml', 'bench: [')],
    exitCode: 2,
    names: 'broken.yaml',
    says: /is invalid: \S/,
    cure: /at line 1, column 9$/m,
  },
};

describe('bad input is told in one sentence', () => {
  it.each(Object.entries(bad))('%s', async (_, { words, exitCode, names, says, cure }) => {
    const outcome = await runInfer(['bench', ...words], { runtime: createProcessRuntime(), cwd: files.folder });
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(outcome.stderr).not.toMatch(/^\s+at |node:internal|undefined|NaN|\[object/m);
    expect(outcome.stderr).toContain(names);
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toMatch(cure);
  });
});

describe('a saved result that cannot be read', () => {
  const saved: readonly (readonly [name: string, text: string, exitCode: number, says: RegExp])[] = [
    ['empty.json', '', 3, /empty/],
    ['half.json', '{"schemaVersion":1,"kind":"bench"', 3, /line 1, column \d+/],
    ['newer.json', '{"schemaVersion":99,"kind":"bench"}', 3, /update infer/],
    ['other.json', '{"a":1}', 3, /schemaVersion/],
    ['model.json', Buffer.from(addModel()).toString('latin1'), 3, /not a result/],
  ];

  it.each(saved)('%s', async (name, text, exitCode, says) => {
    const path = files.write(name, text);
    const outcome = await runInfer(['report', path]);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(outcome.stderr).toContain(path);
    expect(outcome.stderr).toMatch(says);
  });

  it.each([
    ['gone.json', /no such file/],
    ['folder', /is a folder/],
  ])('%s is not there', async (name, says) => {
    const outcome = await runInfer(['report', name], { cwd: files.folder });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(says);
  });
});
