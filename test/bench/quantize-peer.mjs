// What does `infer quantize` bring beside onnxruntime's own Python tools, on the same models and data?
// `npm run bench:quantize-peer [-- --only speed,tensors --models cnn,det --budget 60s --folder KEPT]`.
// speed: `--int8` against their three configurations. Speed-ups are those of one interleaved `infer bench` of all
// candidates on 1 thread, with 95 % intervals; SQNR is that of the farthest output against the original's on inputs that
// calibration did not see. tensors: see quantize-peer-tensors.mjs. Python's rows need PYTHON to name a Python with
// onnxruntime, onnx and numpy.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeNpz } from '../../dist/data/write-npz.js';
import { peerModels } from './quantize-peer-inputs.mjs';
import { compareTensors } from './quantize-peer-tensors.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = Object.keys(peerModels);
const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', default: 'speed,tensors' },
    models: { type: 'string', default: names.join(',') },
    /** Of the measurement of one model with all its candidates; `quantize` takes as much for its own. */
    budget: { type: 'string', default: '60s' },
    /** Where to leave the models and results; a temporary folder, removed at the end, without it. */
    folder: { type: 'string' },
  },
});
const chosen = asked.models.split(',');
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`no model ${unknown.join(', ')}: there are ${names.join(', ')}`);
const folder = resolve(asked.folder ?? mkdtempSync(join(tmpdir(), 'infer-quantize-peer-')));

/** Any exit code is a result: a goal that was missed is one too. */
function infer(words) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/infer.js'), ...words, '-q'], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return { status, reason: stderr.trim().split('\n')[0] };
}

const readResult = (path) => JSON.parse(readFileSync(path, 'utf8'));
const flagsOf = ({ batch, dims = {} }) => [
  '--threads',
  '1',
  '--batch',
  String(batch),
  ...Object.entries(dims).flatMap(([name, length]) => ['--dim', `${name}=${length}`]),
];

/** The model that `infer quantize` would write, even where it says that the original is better. */
function ours({ model, path, inFolder }) {
  const [output, report] = [inFolder('infer.onnx'), inFolder('infer.json')];
  const words = [
    'quantize',
    path,
    '--int8',
    '--max-drop',
    '10%',
    '--data',
    inFolder('calibration.npz'),
    '-o',
    output,
    '--report',
    report,
  ];
  const start = performance.now();
  const { status, reason } = infer([
    ...words,
    ...flagsOf(model),
    '--budget',
    asked.budget,
    '--force',
    '--accept-worse',
  ]);
  const seconds = (performance.now() - start) / 1000;
  const result = existsSync(report) ? readResult(report) : null;
  const choice = result?.candidates.find(({ chosen }) => chosen)?.name ?? '';
  const error = existsSync(output) ? null : `exit code ${status}: ${reason}`;
  return { name: 'infer', path: error === null ? output : null, seconds, peakRssBytes: null, note: choice, error };
}

function pythons({ path, inFolder }) {
  if (process.env.PYTHON === undefined) return [];
  const script = join(root, 'test/bench/quantize_peer.py');
  const words = [script, path, inFolder('calibration.npz'), inFolder('python')];
  // Its shape inference leaves files where it runs.
  const options = { cwd: inFolder('.'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
  const python = process.env.PYTHON.includes('/') ? resolve(process.env.PYTHON) : process.env.PYTHON;
  const output = execFileSync(python, words, options);
  return output
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
    .map(({ config, ...rest }) => ({ name: `python ${config}`, note: '', ...rest }));
}

/** Of the original in ms, and speed-ups over it by path. */
function speedups({ model, path, inFolder }, candidates) {
  const result = inFolder('bench.json');
  const words = ['bench', path, ...candidates.map((candidate) => candidate.path), '-o', result];
  const data = ['--data', inFolder('held.npz'), '--budget', asked.budget];
  const { status, reason } = infer([...words, ...flagsOf(model), ...data]);
  if (!existsSync(result)) throw new Error(`bench, exit code ${status}: ${reason}`);
  const { points, comparisons } = readResult(result);
  const ratios = comparisons.map(({ point, speedup }) => [points[point].model, ratio(speedup)]);
  const failures = points.map(({ model, reason }) => [model, `fails: ${reason?.code ?? 'not compared'}`]);
  return { latency: points[0].latencyMs?.p50.value ?? null, told: new Map([...failures, ...ratios]) };
}

/** In dB, of the output that is farthest off; or why the model cannot be run. */
function closeness({ model, path, inFolder }, candidate) {
  if (candidate.error !== null) return candidate;
  const result = inFolder('evaluate.json');
  rmSync(result, { force: true });
  const words = ['evaluate', candidate.path, '--reference', path, '--data', inFolder('held.npz'), '-o', result];
  const { status, reason } = infer([...words, ...flagsOf(model)]);
  if (!existsSync(result)) return { ...candidate, error: `exit code ${status}: ${reason}` };
  const each = readResult(result).closeness.map(({ exact, sqnrDb }) =>
    exact ? Number.POSITIVE_INFINITY : (sqnrDb?.value ?? Number.NaN),
  );
  return { ...candidate, sqnrDb: Math.min(...each) };
}

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
const ratio = ({ value, low, high }) =>
  `${value.toFixed(2)}x${low === null ? '' : ` [${low.toFixed(2)}, ${high.toFixed(2)}]`}`;
const rowOf = (widths) => (cells) => console.log(cells.map((cell, i) => String(cell).padEnd(widths[i])).join(' '));
const row = rowOf([9, 26, 21, 9, 11, 9, 0]);

async function trialOf(name) {
  const model = peerModels[name];
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const inFolder = (file) => join(own, file);
  await writeNpz(inFolder('calibration.npz'), await model.calibration());
  return { model, path: model.path(own), inFolder };
}

async function compare(name) {
  const trial = await trialOf(name);
  const { model, inFolder } = trial;
  for (const file of ['infer.onnx', 'infer.json', 'bench.json']) rmSync(inFolder(file), { force: true });
  await writeNpz(inFolder('held.npz'), await model.held());
  // Judged before they are timed: `bench` takes no model that does not load.
  const candidates = [ours(trial), ...pythons(trial)].map((candidate) => closeness(trial, candidate));
  const runnable = candidates.filter(({ error }) => error === null);
  const { latency, told } = speedups(trial, runnable);
  row([name, `original, batch ${model.batch}`, latency === null ? '-' : `${latency.toFixed(2)} ms`, '', size(trial)]);
  for (const candidate of candidates) {
    const { name: who, path, seconds, peakRssBytes, note, error } = candidate;
    const spent = seconds === null ? '-' : `${seconds.toFixed(1)} s`;
    const memory = peakRssBytes === null ? '' : `peak ${mebibytes(peakRssBytes)}`;
    const remarks = [note, memory].filter((part) => part !== '').join(', ');
    if (error !== null) row([name, who, 'fails', '', '', spent, error.slice(0, 120)]);
    else row([name, who, told.get(path), `${candidate.sqnrDb.toFixed(1)} dB`, size(candidate), spent, remarks]);
  }
}

function size({ path }) {
  return mebibytes(statSync(path).size);
}

const tensorRow = rowOf([9, 23, 22, 13, 0]);

async function compareInTensors(name) {
  const { model, ...trial } = await trialOf(name);
  const flags = ['--batch', '1', ...flagsOf({ ...model, batch: 1 }).slice(4)];
  compareTensors({ ...trial, name, flags, infer, row: tensorRow, python: process.env.PYTHON });
}

async function each(work) {
  for (const name of chosen) {
    try {
      await work(name);
    } catch (error) {
      process.exitCode = 1;
      row([name, 'fails', error.message]);
    }
  }
}

try {
  const sections = asked.only.split(',');
  if (sections.includes('speed')) {
    row(['model', 'candidate', 'speed-up [95 %]', 'SQNR', 'size', 'took', '']);
    await each(compare);
  }
  if (sections.includes('tensors') && process.env.PYTHON !== undefined) {
    tensorRow(['model', 'settings', 'tensors', 'bit-equal', 'what differs']);
    await each(compareInTensors);
  }
} finally {
  if (asked.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
