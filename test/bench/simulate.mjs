// Does the simulation tell what a server really does? `npm run bench:simulate [-- --models cls,cnn --loads 0.4,0.7,0.85
// --runs 5 --stretches 15 --stretch-ms 1000 --block-ms 50 --repeats 1 --most-disturbed 0.01 --max-batch 8 --queue-delay 0 --seed 0]` serves requests with
// dynamic batching in the real runtime, one thread, and simulates the same arrivals with the curve that was measured
// between the stretches of serving. A load is λ·τ(b)/b of the largest batch b. `replayed` plays a run's own recorded
// service times instead: what differs then is the simulator's fault. Nothing else should run meanwhile.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fitCurve } from '../../dist/cost/service/fit-curve.js';
import { traceGap } from '../../dist/stats/arrivals.js';
import { replay } from '../../dist/cost/simulate/replay.js';
import { simulate } from '../../dist/cost/simulate/simulate.js';
import { median, quantileOfSorted } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { realModel } from './real-models.mjs';

const { values: asked } = parseArgs({
  options: {
    models: { type: 'string', default: 'cls,cnn' },
    loads: { type: 'string', default: '0.4,0.7,0.85' },
    runs: { type: 'string', default: '5' },
    stretches: { type: 'string', default: '15' },
    'stretch-ms': { type: 'string', default: '1000' },
    'block-ms': { type: 'string', default: '50' },
    repeats: { type: 'string', default: '1' },
    'most-disturbed': { type: 'string', default: '0.01' },
    'max-batch': { type: 'string', default: '8' },
    'queue-delay': { type: 'string', default: '0' },
    seed: { type: 'string', default: '0' },
  },
});
const loads = asked.loads.split(',').map(Number);
const maxBatch = Number(asked['max-batch']);
const queueDelayMs = Number(asked['queue-delay']);
/** As the simulation leaves out of its figures. */
const warmUpShare = 0.1;
/** Stretches of serving are put behind one another with so much between them: long enough for nobody to wait. */
const restMs = 50;
/** Most that simulated figures may be off by, of those measured. */
const limits = {
  simulated: (load) => (load < 0.8 ? { mean: 0.1, p99: 0.2, rate: 0.03 } : { mean: 0.2, p99: 0.35, rate: 0.03 }),
  replayed: { mean: 0.03, p99: 0.05 },
};
const server = fileURLToPath(new URL('simulate-server.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'infer-simulate-'));

function modelOf(name) {
  if (name !== 'cnn') {
    const { path, input, dims } = realModel(name);
    return { model: path, input, itemDims: dims.slice(1) };
  }
  const model = fileURLToPath(new URL('../../fixtures/digits/cnn.onnx', import.meta.url));
  return { model, input: 'image', itemDims: [1, 28, 28] };
}

/** What happened in a process that served all loads. */
function serve(name, seed) {
  const output = join(folder, 'served.json');
  const batches = Array.from({ length: Math.floor(Math.log2(maxBatch)) + 1 }, (_, power) => 2 ** power);
  const task = {
    ...modelOf(name),
    maxBatch,
    queueDelayMs,
    batches: [...new Set([...batches, maxBatch])],
    loads,
    stretches: Number(asked.stretches),
    stretchMs: Number(asked['stretch-ms']),
    blockMs: Number(asked['block-ms']),
    repeats: Number(asked.repeats),
    mostDisturbed: Number(asked['most-disturbed']),
    seed,
    output,
  };
  execFileSync(process.execPath, [server, JSON.stringify(task)], { stdio: 'inherit' });
  return JSON.parse(readFileSync(output, 'utf8'));
}

/** The curve of the blocks between the stretches, as `infer cost` makes it of those of a bench. */
function curveOf(blocks, seed) {
  const points = blocks[0]
    .map(({ batch }) => batch)
    .toSorted((first, second) => first - second)
    .map((batch) => ({
      batch,
      rounds: blocks.map((block, round) => ({
        round,
        latencyMs: block.find((each) => each.batch === batch).times,
      })),
    }));
  return fitCurve({ points }, createRandom(seed, 'curve'));
}

/** All stretches as one: times of arrival and answer of each request, size and service time of each batch. */
function joined(stretches) {
  const all = { arrivalsMs: [], answersMs: [], sizes: [], serviceMs: [] };
  let fromMs = 0;
  for (const { arrivalsMs, startsMs, endsMs, sizes } of stretches.filter((each) => each.sizes.length > 0)) {
    const shiftMs = fromMs - arrivalsMs[0];
    for (const arrivedMs of arrivalsMs) all.arrivalsMs.push(arrivedMs + shiftMs);
    for (const [index, size] of sizes.entries()) {
      for (let item = 0; item < size; item++) all.answersMs.push(endsMs[index] + shiftMs);
      all.sizes.push(size);
      all.serviceMs.push(endsMs[index] - startsMs[index]);
    }
    fromMs = endsMs.at(-1) + shiftMs + restMs;
  }
  return { ...all, arrivalsMs: Float64Array.from(all.arrivalsMs) };
}

function measured({ arrivalsMs, answersMs }) {
  const warmUp = Math.floor(arrivalsMs.length * warmUpShare);
  const latencies = answersMs.map((answeredMs, index) => answeredMs - arrivalsMs[index]).slice(warmUp);
  const [fromMs, toMs] = [arrivalsMs[warmUp], arrivalsMs.at(-1)];
  const answered = answersMs.filter((answeredMs) => answeredMs > fromMs && answeredMs <= toMs).length;
  return {
    mean: latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length,
    p99: quantileOfSorted(
      latencies.toSorted((first, second) => first - second),
      0.99,
    ),
    rate: (1000 * answered) / (toMs - fromMs),
  };
}

const figures = ({ meanMs, p99Ms, perSecond }) => ({ mean: meanMs.value, p99: p99Ms.value, rate: perSecond });
const fleet = { replicas: 1, balancing: 'round-robin', maxBatch, queueDelayMs, queueLimit: null };

function simulated(curve, { arrivalsMs }, seed) {
  const request = {
    fleet: { ...fleet, service: curve, ratios: curve.ratios },
    arrivals: { kind: 'trace', timesMs: arrivalsMs, path: '' },
    ratePerMs: 1 / traceGap(arrivalsMs),
    requests: arrivalsMs.length,
    seed,
  };
  return figures(simulate(request));
}

/**
 * A batch takes as long as the one that its first request was really in. Where it holds more or fewer requests than that,
 * the curve's difference is added.
 */
function replayed(curve, { arrivalsMs, sizes, serviceMs }) {
  const batchOf = sizes.flatMap((size, batch) => Array.from({ length: size }, () => batch));
  let first = 0;
  const service = (_, size) => {
    const batch = batchOf[first];
    first += size;
    return Math.max(0, serviceMs[batch] + curve.msAt(size) - curve.msAt(sizes[batch]));
  };
  return figures(replay({ arrivalsMs, serviceMs: service, fleet, warmUp: warmUpShare }));
}

/**
 * What a run came to: the median of its stretches, so that the few in which a host took the processor away for long do
 * not decide what the other ones say.
 */
function runOf({ load, stretches, taken }, seed) {
  const [closed, mixed] = ['closed', 'mixed'].map((kind) =>
    curveOf(
      stretches.map((stretch) => stretch[kind]),
      seed,
    ),
  );
  const run = joined(stretches.map(({ served }) => served));
  const totalMs = run.serviceMs.reduce((sum, ms) => sum + ms, 0);
  const each = stretches.map(({ served }, index) => {
    const alone = joined([served]);
    return {
      measured: measured(alone),
      simulated: simulated(mixed, alone, seed + index),
      benched: simulated(closed, alone, seed + index),
      replayed: replayed(mixed, alone),
    };
  });
  const medians = (kind) => {
    const figure = (name) => median(each.map((stretch) => stretch[kind][name]));
    return { mean: figure('mean'), p99: figure('p99'), rate: figure('rate') };
  };
  return {
    load,
    taken,
    disturbed: Math.max(...stretches.map(({ disturbed }) => disturbed)),
    real: ((closed.msAt(maxBatch) / maxBatch) * medians('measured').rate) / 1000,
    fullBatchMs: closed.msAt(maxBatch),
    closedRatio: totalMs / expectedMs(closed, run.sizes),
    mixedRatio: totalMs / expectedMs(mixed, run.sizes),
    requests: run.arrivalsMs.length,
    measured: medians('measured'),
    simulated: medians('simulated'),
    benched: medians('benched'),
    replayed: medians('replayed'),
  };
}

/** What a curve says of all batches together. */
function expectedMs(curve, sizes) {
  const meanRatio = curve.ratios.reduce((sum, ratio) => sum + ratio, 0) / curve.ratios.length;
  return sizes.reduce((sum, size) => sum + curve.msAt(size) * meanRatio, 0);
}

const digits = (value) => value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);
const percent = (share) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`;
const medianOf = (runs, kind, figure) => median(runs.map((run) => run[kind][figure]));
let broken = 0;

/** Prints how far a figure is from the measured one, both as medians of all runs, and judges it where it has a limit. */
function compare({ runs, kind, figure, limit = null }) {
  const [is, should] = [medianOf(runs, kind, figure), medianOf(runs, 'measured', figure)];
  const errors = runs.map((run) => run[kind][figure] / run.measured[figure] - 1).toSorted((a, b) => a - b);
  const error = is / should - 1;
  const isWithin = limit === null || Math.abs(error) <= limit;
  if (!isWithin) broken += 1;
  const verdict = limit === null ? '' : `limit ${(100 * limit).toFixed(0)} % ${isWithin ? 'ok' : 'BROKEN'}`;
  const values = `${digits(is).padStart(7)}, measured ${digits(should).padStart(7)}: ${percent(error).padStart(8)}`;
  console.log(
    `  ${kind.padEnd(9)} ${figure.padEnd(4)} ${values}  ${verdict.padEnd(17)}  runs ${errors.map(percent).join(', ')}`,
  );
}

function report(name, load, runs) {
  const values = (figure) => runs.map((run) => digits(run[figure])).join(' ');
  console.log(`${name}, load ${load}: as it was ${values('real')}, τ(${maxBatch}) ${values('fullBatchMs')} ms`);
  console.log(
    `  requests ${runs.map((run) => run.requests).join(' ')}, stretches taken ${runs.map((run) => run.taken).join(' ')}, most that others took of one kept ${runs.map((run) => percent(run.disturbed)).join(' ')}`,
  );
  console.log(
    `  batches took ${values('mixedRatio')} of the curve of requests that come, ${values('closedRatio')} of a bench's`,
  );
  for (const figure of ['mean', 'p99', 'rate'])
    compare({ runs, kind: 'simulated', figure, limit: limits.simulated(load)[figure] });
  for (const figure of ['mean', 'p99']) compare({ runs, kind: 'replayed', figure, limit: limits.replayed[figure] });
  for (const figure of ['mean', 'p99']) compare({ runs, kind: 'benched', figure });
}

try {
  for (const name of asked.models.split(',')) {
    const runs = [];
    for (let run = 0; run < Number(asked.runs); run++) {
      const seed = Number(asked.seed) + run;
      runs.push(...serve(name, seed).map((each) => runOf(each, seed)));
    }
    for (const load of loads)
      report(
        name,
        load,
        runs.filter((run) => run.load === load),
      );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(broken === 0 ? 'all within their limits' : `${broken} figures beyond their limits`);
process.exitCode = broken === 0 ? 0 : 1;
