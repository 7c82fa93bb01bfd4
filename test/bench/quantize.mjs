// How much memory and time does `infer quantize` take, and the processes that it starts, beside Python's quantize_dynamic?
// `npm run bench:quantize [-- calibrate,dynamic,blocks]`; Python's rows need PYTHON to name one with onnxruntime and onnx.
// Wall-clock times of whole processes, medians of interleaved runs; peaks are VmHWM, each process by itself.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpz } from '../../dist/data/write-npz.js';
import { parsePeakRssBytes } from '../../dist/runtime/peak-rss.js';
import { median } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { writeEngineModel } from './engine-model.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [asked = 'calibrate,dynamic,blocks'] = process.argv.slice(2);
const repeats = 3;
const folder = mkdtempSync(join(process.env.INFER_BENCH_DIR ?? tmpdir(), 'infer-quantize-'));
const file = (name) => join(folder, name);
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const readProc = (path) => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
};

const childrenOf = (pid) => {
  const own = readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
};

/** Runs a program to its end; peaks of it and of each of its children, by looking every few milliseconds. */
function run(program, words) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    const peaks = new Map();
    const look = () => {
      for (const pid of [child.pid, ...childrenOf(child.pid)]) {
        const peak = parsePeakRssBytes(readProc(`${pid}/status`));
        if (peak !== null) peaks.set(pid, peak);
      }
    };
    const timer = setInterval(look, 5);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - start) / 1000;
      const { [child.pid]: own = 0, ...others } = Object.fromEntries(peaks);
      if (code === 0) resolve({ seconds, peakBytes: own, childBytes: Object.values(others) });
      else
        reject(new Error(`${words.join(' ')} ended with ${code}: ${errors.trim().split('\n').slice(-5).join('\n')}`));
    });
  });
}

const infer = (...words) =>
  run(process.execPath, [join(root, 'bin/infer.js'), 'quantize', ...words, '-o', file('ours.onnx'), '--force', '-q']);

const quantizeDynamic = `
import sys
from onnxruntime.quantization import QuantType, quantize_dynamic
quantize_dynamic(sys.argv[1], sys.argv[2], weight_type=QuantType.QInt8, op_types_to_quantize=['MatMul'], per_channel=True)`;

const python = (model) => run(process.env.PYTHON, ['-c', quantizeDynamic, model, file('python.onnx')]);

function show(label, runs) {
  const seconds = median(runs.map((each) => each.seconds));
  const peakBytes = Math.max(...runs.map((each) => each.peakBytes));
  const childBytes = Math.max(0, ...runs.flatMap((each) => each.childBytes));
  const children = childBytes === 0 ? 'none' : `${mebibytes(childBytes)} at most, ${runs[0].childBytes.length} in all`;
  console.log(
    `  ${label.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s   peak ${mebibytes(peakBytes).padStart(9)}   children ${children}`,
  );
  return { seconds, peakBytes, childBytes };
}

function model(bytes) {
  const path = file('model.onnx');
  writeEngineModel(path, bytes);
  return { path, sizeBytes: statSync(path).size };
}

const limit = (label, value, most, unit = mebibytes) =>
  console.log(`  ${value <= most ? 'kept  ' : 'MISSED'} ${label}: ${unit(value)}, at most ${unit(most)}`);
const ratio = (value) => value.toFixed(2);

async function writeSamples(count) {
  const random = createRandom(0, 'bench quantize');
  const data = Float32Array.from({ length: count * 1024 }, () => random.normal());
  const path = file('samples.npz');
  // Of each sample, for the model takes one at a time.
  await writeNpz(path, { t0: { type: 'float32', dims: [count, 1, 1024], data } });
  return path;
}

const parts = {
  async calibrate() {
    const { path, sizeBytes } = model(100e6);
    console.log(`calibrating ${mebibytes(sizeBytes)} with 1,000 samples: quantize --int8 --data`);
    const data = await writeSamples(1000);
    for (const words of [['--no-bench'], ['--method', 'static', '--no-bench'], ['--budget', '10s']]) {
      const extra = [...words, '--accept-worse', '--on-inconclusive', 'pass'];
      const { peakBytes, childBytes } = show(words.join(' '), [await infer(path, '--int8', '--data', data, ...extra)]);
      limit('peak, model + 512 MB', peakBytes, sizeBytes + 512e6);
      limit('a child, model + 1 GB', childBytes, sizeBytes + 1e9);
    }
  },
  async dynamic() {
    const { path, sizeBytes } = model(400e6);
    console.log(`dynamic int8 of ${mebibytes(sizeBytes)}: quantize --int8 --method dynamic --no-verify --no-bench`);
    const runs = { ours: [], python: [] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      runs.ours.push(await infer(path, '--int8', '--method', 'dynamic', '--no-verify', '--no-bench'));
      if (process.env.PYTHON !== undefined) runs.python.push(await python(path));
    }
    const ours = show('infer', runs.ours);
    limit('a child, model + 1 GB', ours.childBytes, sizeBytes + 1e9);
    if (process.env.PYTHON === undefined) return;
    const theirs = show('Python quantize_dynamic', runs.python);
    limit('seconds of infer over those of Python', ours.seconds / theirs.seconds, 1 / 3, ratio);
    limit('peak of infer over that of Python', ours.peakBytes / theirs.peakBytes, 1 / 4, ratio);
  },
  async blocks() {
    const { path, sizeBytes } = model(3e9);
    console.log(`4-bit RTN of ${mebibytes(sizeBytes)}: quantize --int4 --algorithm rtn --no-verify`);
    const { peakBytes } = show('infer', [
      await infer(path, '--int4', '--algorithm', 'rtn', '--no-verify', '--no-bench'),
    ]);
    limit('peak, 1 GB', peakBytes, 1e9);
  },
};

try {
  for (const name of asked.split(',')) await parts[name]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
