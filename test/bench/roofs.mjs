// Are the roofs what a machine really reaches? `npm run bench:roofs [-- PROVIDER [THREADS…]]`
// Measures the roofs twice, and, without using any of that code, one product of 1024 by 1024: what the kernel takes in a
// profile and what a whole run takes at best, both against the higher roof. The kernel should be within 15 % of it.
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { floats, GraphBuilder } from '../../dist/onnx/graph-builder.js';
import { saveModel } from '../../dist/onnx/file/save-model.js';
import { tensorType } from '../../dist/onnx/value-type.js';
import { boundOf } from '../../dist/profile/roofs/bound-of.js';
import { roofsFor } from '../../dist/profile/roofs/roofs-for.js';
import { createProcessRuntime } from '../../dist/runtime/process-runtime.js';
import { thisWorkplace } from '../../dist/runtime/workplace.js';

const [provider = 'cpu', ...wanted] = process.argv.slice(2);
const cores = availableParallelism();
const threadCounts = wanted.length > 0 ? wanted.map(Number) : [...new Set([1, cores])];
const size = 1024;
const runtime = createProcessRuntime();
const environment = await runtime.environment();
const folder = mkdtempSync(join(tmpdir(), 'infer-roofs-'));

async function product() {
  const values = Array.from({ length: size * size }, (_, at) => ((at * 7919) % 2003) / 1000 - 1);
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [size, size]);
  g.output(
    g.op('MatMul', [x, g.constant('w', floats([size, size], values))]),
    'y',
    tensorType('float32', [size, size]),
  );
  const path = join(folder, 'product.onnx');
  await saveModel(g.model(), path);
  return { path, feeds: { x: floats([size, size], values) } };
}

async function timeProduct(threads) {
  const { path, feeds } = await product();
  const options = { modelPath: path, provider, threads, optimization: 'all', strictProvider: false, timeoutMs: 60_000 };
  const session = await runtime.open(options);
  try {
    await session.setInputs([feeds]);
    await session.warmUp({ minRuns: 3, minMs: 100, maxMs: 2000, tolerance: 0.1 });
    const runs = [];
    const kernels = [];
    for (let block = 0; block < 12; block++) {
      const rule = { minRuns: 5, minMs: 200, maxMs: 2000, floorRuns: 2, startAtMs: runtime.nowMs() + 100 };
      const { startsMs, endsMs } = await session.measure(rule);
      runs.push(...Array.from(endsMs, (end, at) => end - startsMs[at]));
      const profile = await session.profile(feeds, 3);
      kernels.push(profile.find(({ op }) => op === 'MatMul' || op === 'Gemm')?.medianMs ?? Number.NaN);
    }
    return { runMs: Math.min(...runs), kernelMs: Math.min(...kernels) };
  } finally {
    await session.close();
  }
}

const figures = (roofs) =>
  `${roofs.gflopPerSecond.toFixed(1)} GFLOP/s, ${roofs.gbPerSecond.toFixed(2)} GB/s, ridge ${roofs.ridge.toFixed(1)}` +
  `, int8 ${roofs.int8GopPerSecond?.toFixed(1) ?? '-'} GOP/s, float16 ${roofs.float16GflopPerSecond?.toFixed(1) ?? '-'}` +
  (roofs.disturbed ? ', disturbed' : '');

try {
  console.log(`${environment.cpu.model}, ${cores} cores, ${provider}`);
  for (const threads of threadCounts) {
    const request = {
      runtime,
      environment,
      provider,
      threads,
      precisions: ['float32', 'float16', 'int8'],
      store: null,
    };
    const measure = () =>
      roofsFor({ ...request, workplace: thisWorkplace(), at: new Date().toISOString(), timeoutMs: 60_000 });
    const startMs = performance.now();
    const first = await measure();
    const tookMs = performance.now() - startMs;
    const times = await timeProduct(threads);
    const second = await measure();
    console.log(`threads ${threads}: ${figures(first)} (${(tookMs / 1000).toFixed(1)} s)`);
    console.log(`  again:   ${figures(second)}`);
    const macs = size ** 3;
    const higher = first.gflopPerSecond > second.gflopPerSecond ? first : second;
    for (const [what, timeMs] of Object.entries(times)) {
      const { bound, roofShare } = boundOf({ timeMs, macs, bytes: 3 * 4 * size * size }, higher);
      const shown = timeMs.toFixed(2).padStart(8);
      console.log(
        `  product  ${what.padEnd(9)} ${shown} ms, ${bound}-bound, ${(roofShare * 100).toFixed(1)} % of the roof`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
