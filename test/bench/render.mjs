// How long does a result of 1,000 points take to render? `npm run bench:render`
import { createRuntime, formatsOf, parseResult, report } from '../../dist/index.js';
import { summarizePoint } from '../../dist/bench/summarize-point.js';
import { median } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';

const points = 1000;
const random = createRandom(0, 'render');
const environment = await createRuntime().environment();
const quiet = {
  stalledShare: 0,
  stealShare: 0,
  involuntarySwitchesPerSecond: 1,
  throttledPeriods: 0,
  clockRatio: 1,
  driftRatio: 1,
  dirty: [],
  repeated: false,
};
const block = (round) => {
  const latencyMs = Array.from({ length: 300 }, () => Math.exp(0.1 * random.normal()));
  const sumMs = latencyMs.reduce((a, b) => a + b, 0);
  return {
    round,
    order: round,
    latencyMs,
    stride: 1,
    runs: 300,
    sumMs,
    minMs: Math.min(...latencyMs),
    maxMs: Math.max(...latencyMs),
    windowMs: sumMs,
    loadMs: 10,
    firstRunMs: 3,
    warmUp: { runs: 30, elapsedMs: 100, settled: true },
    cpuUtilization: 0.5,
    peakRssBytes: 1e8,
    noise: quiet,
  };
};
const measure = (index) => {
  const rounds = Array.from({ length: 5 }, (_, round) => block(round));
  return {
    modelIndex: 0,
    model: 'model.onnx',
    ep: 'cpu',
    batch: 1 + index,
    threads: 1,
    instances: 1,
    dims: { batch: 1 + index },
    requestedDims: {},
    status: 'ok',
    reason: null,
    ...summarizePoint(rounds, 1 + index),
    gpu: null,
    outputsMatchCpu: null,
    outputDifference: null,
    outputsMatchExpected: null,
    placement: null,
    reachedPrecision: true,
    rounds,
  };
};
const result = {
  schemaVersion: 1,
  kind: 'bench',
  tool: { name: 'infer', version: '0' },
  createdAt: new Date(0).toISOString(),
  command: ['infer', 'bench'],
  environment,
  warnings: [],
  settings: {
    seed: 0,
    optimization: 'all',
    precision: 0.03,
    minRuns: 30,
    minMs: 500,
    budgetMs: 60_000,
    budgetIsHard: false,
    roundsPlanned: 3,
    inputs: 'synthetic',
  },
  models: [{ path: 'model.onnx', sha256: '0', sizeBytes: 1, inputs: [], outputs: [] }],
  points: Array.from({ length: points }, (_, index) => measure(index)),
  comparisons: [],
  best: { latency: 0, throughput: 0, knees: [] },
  elapsedMs: 1,
  interrupted: false,
};
const text = JSON.stringify(result);
console.log(`a result of ${points} points, ${(text.length / 1e6).toFixed(0)} MB of JSON; median of 5:`);
const timed = async (run) => {
  const times = [];
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return `${median(times).toFixed(0)} ms`;
};
console.log(`  read and check ${await timed(() => parseResult(text, 'result.json'))}`);
for (const format of formatsOf('bench'))
  console.log(`  ${format.padEnd(14)} ${await timed(() => report(result, format, { color: false, width: 160 }))}`);
console.log(
  `  recompute      ${await timed(() => result.points.map(({ rounds, batch }) => summarizePoint(rounds, batch)))}`,
);
