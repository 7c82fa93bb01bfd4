// How much memory and time does `infer quantize` take, and the processes that it starts, beside Python's quantize_dynamic?
// `npm run bench:quantize [-- calibrate,dynamic,blocks]`; Python's rows need PYTHON to name one with onnxruntime and onnx.
// Wall-clock times of whole processes, medians of interleaved runs; peaks are VmHWM, each process by itself.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpz } from '../../dist/data/write-npz.js';
import { median } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { writeEngineModel } from './engine-model.mjs';
import { writeConvModel } from './quantize-conv-model.mjs';
import { run as runAny } from './run-with-peaks.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [asked = 'calibrate,dynamic,blocks'] = process.argv.slice(2);
const repeats = 3;
const folder = mkdtempSync(join(process.env.INFER_BENCH_DIR ?? tmpdir(), 'infer-quantize-'));
const file = (name) => join(folder, name);
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

async function run(program, words) {
  const { status, stderr, ...rest } = await runAny(program, words);
  if (status === 0) return rest;
  throw new Error(`${words.join(' ')} ended with ${status}: ${stderr.trim().split('\n').slice(-5).join('\n')}`);
}

const infer = (...words) =>
  run(process.execPath, [join(root, 'bin/infer.js'), 'quantize', ...words, '-o', file('ours.onnx'), '--force', '-q']);

const quantizeDynamic = `
import sys
from onnxruntime.quantization import QuantType, quantize_dynamic
quantize_dynamic(sys.argv[1], sys.argv[2], weight_type=QuantType.QInt8, op_types_to_quantize=['MatMul'], per_channel=True)`;

const python = (model) => run(process.env.PYTHON, ['-c', quantizeDynamic, model, file('python.onnx')]);

/** Peaks of children in the order of their start, or the range of them where they are many. */
function childrenText({ childBytes, atOnce }) {
  if (childBytes.length === 0) return 'none';
  const many = `${childBytes.length}, ${mebibytes(Math.min(...childBytes))} to ${mebibytes(Math.max(...childBytes))}`;
  const peaks = childBytes.length > 6 ? many : childBytes.map(mebibytes).join(', ');
  return `${peaks}; ${atOnce} at once`;
}

function show(label, runs) {
  const seconds = median(runs.map((each) => each.seconds));
  const peakBytes = Math.max(...runs.map((each) => each.peakBytes));
  const childBytes = Math.max(0, ...runs.flatMap((each) => each.childBytes));
  console.log(
    `  ${label.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s   peak ${mebibytes(peakBytes).padStart(9)}   children ${childrenText(runs[0])}`,
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

/** Of each sample, for the model takes one at a time. */
async function writeSamples(name, dims) {
  const random = createRandom(0, 'bench quantize');
  const length = dims.reduce((product, dim) => product * dim);
  const path = file(`${name}.npz`);
  const data = Float32Array.from({ length }, () => random.normal());
  await writeNpz(path, { [name]: { type: 'float32', dims, data } });
  return path;
}

/** Everything is compared and judged, as usual. */
async function calibrateOn({ path, sizeBytes }, data, ways) {
  for (const words of ways) {
    const extra = ['--data', data, '--samples', '1000', '--accept-worse', '--on-inconclusive', 'pass'];
    const { peakBytes, childBytes } = show(words.join(' '), [await infer(path, '--int8', ...words, ...extra)]);
    limit('peak, model + 512 MB', peakBytes, sizeBytes + 512e6);
    limit('a child, model + 1 GB', childBytes, sizeBytes + 1e9);
  }
}

const isStatic = ['--method', 'static', '--no-bench'];

const parts = {
  async calibrate() {
    const products = model(100e6);
    console.log(`calibrating ${mebibytes(products.sizeBytes)} of MatMul with 1,000 samples: quantize --int8 --data`);
    const rows = await writeSamples('t0', [1000, 1, 1024]);
    await calibrateOn(products, rows, [['--no-bench'], isStatic, ['--budget', '10s']]);
    const path = file('model.onnx');
    const images = await writeSamples('image', writeConvModel(path, { bytes: 100e6, samples: 1000 }));
    const convolutions = { path, sizeBytes: statSync(path).size };
    console.log(`calibrating ${mebibytes(convolutions.sizeBytes)} of Conv with 1,000 samples: quantize --int8 --data`);
    await calibrateOn(convolutions, images, [['--no-bench'], isStatic]);
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
