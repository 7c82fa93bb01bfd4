// How fast and with how little memory are models opened, inspected, saved and converted?
// `npm run bench:engine [-- GB,GB…]`; PYTHON=a Python that has onnx prints its onnx.load and onnx.save beside ours.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../dist/stats/quantile.js';
import { writeEngineModel } from './engine-model.mjs';

const sizes = (process.argv[2] ?? '0.2,1.5,3.2').split(',').map(Number);
const repeats = 3;
const folder = mkdtempSync(join(process.env.INFER_BENCH_DIR ?? tmpdir(), 'infer-engine-'));
const file = (name) => join(folder, name);
const taskFile = new URL('engine-task.mjs', import.meta.url).pathname;

function run(task, model) {
  const target = file('out.onnx');
  for (const old of [target, `${target}.data`]) rmSync(old, { force: true });
  return JSON.parse(execFileSync(process.execPath, [taskFile, task, model, target], { encoding: 'utf8' }));
}

/** `cp`, then what `cp` leaves to the system and infer does not: waiting until the disk has it. */
function copy(model, sync) {
  const target = file('copy.onnx');
  rmSync(target, { force: true });
  const start = performance.now();
  execFileSync('cp', [model, target]);
  if (sync) execFileSync('sync', [target]);
  const ms = performance.now() - start;
  rmSync(target);
  return ms;
}

function python(code, model) {
  const python = process.env.PYTHON;
  if (python === undefined) return null;
  const script = `
import resource, sys, time, onnx
start = time.perf_counter()
${code}
print((time.perf_counter() - start) * 1000, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)`;
  try {
    const text = execFileSync(python, ['-c', script, model, file('out.onnx')], { encoding: 'utf8', stdio: 'pipe' });
    const [ms, peakBytes] = text.split(' ').map(Number);
    return { ms, peakBytes };
  } catch (error) {
    return { failed: error.stderr.trim().split('\n').at(-1) };
  }
}

const seconds = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);
const show = (label, { ms, peakBytes, failed }, extra = '') =>
  console.log(
    `  ${label.padEnd(24)} ${failed ?? `${seconds(ms).padStart(9)}  peak ${(peakBytes / 2 ** 20).toFixed(0).padStart(5)} MiB ${extra}`}`,
  );

try {
  for (const size of sizes) {
    const model = file('model.onnx');
    writeEngineModel(model, size * 1e9);
    const bytes = statSync(model).size;
    console.log(`${size} GB (${bytes} bytes), medians of ${repeats} interleaved runs`);
    const tasks = ['open', 'inspect', 'save', 'edit', 'external'];
    const runs = new Map(tasks.map((task) => [task, []]));
    const copies = { plain: [], synced: [] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      copies.plain.push(copy(model, false));
      copies.synced.push(copy(model, true));
      for (const task of tasks) runs.get(task).push(run(task, model));
    }
    const plain = median(copies.plain);
    const synced = median(copies.synced);
    show('cp', { ms: plain, peakBytes: 0 }, `${(bytes / plain / 1e6).toFixed(2)} GB/s`);
    show('cp and sync', { ms: synced, peakBytes: 0 }, `${(bytes / synced / 1e6).toFixed(2)} GB/s`);
    for (const task of tasks) {
      const ms = median(runs.get(task).map((run) => run.ms));
      const peakBytes = Math.max(...runs.get(task).map((run) => run.peakBytes));
      const isSave = task !== 'open' && task !== 'inspect';
      const ratios = `${(plain / ms).toFixed(2)}x the speed of cp, ${(synced / ms).toFixed(2)}x that of cp and sync`;
      show(`infer ${task}`, { ms, peakBytes }, isSave ? ratios : '');
    }
    const load = python('m = onnx.load(sys.argv[1])', model);
    if (load !== null) show('Python onnx.load', load);
    const both = python('m = onnx.load(sys.argv[1]); onnx.save(m, sys.argv[2])', model);
    if (both !== null) show('Python onnx.load + save', both);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
