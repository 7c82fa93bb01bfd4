// Does the harness bias what it measures? `npm run bench:peer [rounds]`
//  1. One process, one session: the measuring loop and a bare loop alternate in 50 seeded slices.
//  2. Fresh processes, interleaved: blocks of infer against a bare Node loop, and Python's onnxruntime where found.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { createRuntime } from '../../dist/index.js';
import { measureLoop } from '../../dist/runtime/measure-loop.js';
import { median } from '../../dist/stats/quantile.js';
import { pairedRatio } from '../../dist/stats/paired-ratio.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { addModelBytes } from './add-model.mjs';
import { realModel } from './real-models.mjs';

const [cls, det] = [realModel('cls'), realModel('det')];
const slices = 50;
const rounds = Number(process.argv[2] ?? 30);
const here = (file) => new URL(file, import.meta.url).pathname;
const percent = (ratio) => `${((ratio - 1) * 100).toFixed(2)} %`;

const folder = mkdtempSync(join(tmpdir(), 'infer-peer-'));
const addPath = join(folder, 'add.onnx');
writeFileSync(addPath, addModelBytes);
const add = { name: 'add16', path: addPath, input: 'x', dims: [16] };

async function oneProcess({ name, path, input, dims }) {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => (at % 97) / 97);
  const feeds = { [input]: new ort.Tensor('float32', data, dims) };
  const random = createRandom(0, 'peer', name);
  const now = () => performance.now();
  const bare = async (runs) => {
    const start = now();
    for (let run = 0; run < runs; run++) await session.run(feeds);
    return { perCallMs: (now() - start) / runs };
  };
  const harness = async (runs) => {
    const rule = { minRuns: runs, minMs: 0, maxMs: 1e9, floorRuns: runs };
    const start = now();
    const recorder = await measureLoop({ session, pool: [feeds], rule, now, onAlive: () => undefined });
    const perCallMs = (now() - start) / runs;
    const { startsMs, endsMs } = recorder.finish(0);
    return { perCallMs, reportedMs: endsMs.reduce((sum, end, run) => sum + end - startsMs[run], 0) / runs };
  };
  const { perCallMs } = await bare(200);
  const runs = Math.max(5, Math.round(100 / perCallMs));
  const pairs = [];
  for (let slice = 0; slice < slices; slice++) {
    const bareFirst = random.next() < 0.5;
    const first = await (bareFirst ? bare : harness)(runs);
    const second = await (bareFirst ? harness : bare)(runs);
    pairs.push(bareFirst ? { bare: first, harness: second } : { bare: second, harness: first });
  }
  const ratio = median(pairs.map((pair) => pair.harness.reportedMs / pair.bare.perCallMs));
  const wall = median(pairs.map((pair) => pair.harness.perCallMs / pair.bare.perCallMs));
  const extraUs = median(pairs.map((pair) => (pair.harness.perCallMs - pair.bare.perCallMs) * 1000));
  const reportedUs = median(pairs.map((pair) => (pair.harness.reportedMs - pair.bare.perCallMs) * 1000));
  console.log(
    `  ${name.padEnd(6)} ${slices} slices of ${runs} runs, bare ${(median(pairs.map((p) => p.bare.perCallMs)) * 1000).toFixed(2)} µs a call: ` +
      `reported/bare ${ratio.toFixed(4)} (${reportedUs.toFixed(2)} µs), wall/bare ${wall.toFixed(4)} (${extraUs.toFixed(2)} µs a call)`,
  );
}

function findPython() {
  for (const python of [process.env.PYTHON, 'python3', 'python'].filter(Boolean)) {
    try {
      const version = execFileSync(python, ['-c', 'import onnxruntime, numpy; print(onnxruntime.__version__)'], {
        stdio: 'pipe',
      });
      return { python, version: String(version).trim() };
    } catch {
      // Not this one.
    }
  }
  return null;
}

async function acrossProcesses({ name, path, input, dims }, python) {
  const warmUpMs = 200;
  const minMs = 300;
  const runtime = createRuntime();
  const shape = dims.join('x');
  const argv = [path, input, shape, String(warmUpMs), String(minMs)];
  const arms = {
    infer: async () => {
      const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => (at % 97) / 97);
      const session = await runtime.open({
        modelPath: path,
        provider: 'cpu',
        threads: 1,
        optimization: 'all',
        strictProvider: false,
        timeoutMs: 60_000,
      });
      await session.setInputs([{ [input]: { type: 'float32', dims, data } }]);
      await session.warmUp({ minRuns: 3, minMs: warmUpMs, maxMs: warmUpMs, tolerance: 0.02 });
      const { startsMs, endsMs } = await session.measure({
        startAtMs: runtime.nowMs(),
        minRuns: 1,
        minMs,
        maxMs: 1e9,
        floorRuns: 1,
      });
      await session.close();
      return median(Array.from(endsMs, (end, run) => end - startsMs[run]));
    },
    node: async () => Number(execFileSync(process.execPath, ['--expose-gc', here('bare-loop.mjs'), ...argv])),
    ...(python && { python: async () => Number(execFileSync(python.python, [here('bare_loop.py'), ...argv])) }),
  };
  const random = createRandom(0, 'across', name);
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    const row = {};
    for (const arm of random.shuffle(Object.keys(arms))) row[arm] = await arms[arm]();
    rows.push(row);
  }
  // Node against Python tells what of infer/python is the binding's and its build's, for no part of infer runs in it.
  const others = Object.keys(arms).filter((arm) => arm !== 'infer');
  const comparisons = [...others.map((peer) => ['infer', peer]), ...(python ? [['node', 'python']] : [])];
  for (const [head, base] of comparisons) {
    const { value, low, high } = pairedRatio(rows.map((row) => ({ base: row[base], head: row[head] })));
    const verdict = low <= 1 && high >= 1 ? 'contains 1' : 'excludes 1';
    console.log(
      `  ${name.padEnd(6)} ${`${head}/${base}`.padEnd(12)} ${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}] ` +
        `over ${rounds} interleaved rounds: ${verdict} (${percent(value)})`,
    );
  }
}

try {
  console.log('In one process and session, median of slices:');
  for (const model of [cls, det, add]) await oneProcess(model);
  const python = findPython();
  console.log(
    `Across fresh processes (${python ? `Python onnxruntime ${python.version}` : 'no Python with onnxruntime found'}), paired interval:`,
  );
  for (const model of [cls, det]) await acrossProcesses(model, python);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
