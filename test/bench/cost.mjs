// How long does `infer cost` think? `npm run bench:cost` projects two models onto every instance of the catalog, bought
// in three ways, under a p99 objective, simulates a million requests, and checks that time is linear in the requests.
// Exit code 1 where a limit is broken: 10 s for the projection, 5 s for the million.
import { loadCatalog } from '../../dist/cost/catalog/load-catalog.js';
import { projectOptions } from '../../dist/cost/fleet/project-options.js';
import { simulate } from '../../dist/cost/simulate/simulate.js';
import { createRandom } from '../../dist/stats/seeded-random.js';

const limits = { projectionMs: 10_000, millionMs: 5000, worstGrowth: 1.5 };
const random = createRandom(1);
const catalog = loadCatalog();
let broken = false;

/** τ(b) = τ0 + α·b with as many draws and ratios as a measured curve has. */
function curveOf(tau0Ms, alphaMs) {
  const times = (factor) => ({ msAt: (batch) => factor * (tau0Ms + alphaMs * batch) });
  const points = [1, 2, 4, 8, 16, 32].map((batch) => {
    const value = times(1).msAt(batch);
    return { batch, measuredMs: { value, low: 0.97 * value, high: 1.03 * value }, fittedMs: value, rounds: 5 };
  });
  return {
    ...times(1),
    kind: 'linear',
    tau0Ms,
    alphaMs,
    smallestBatch: 1,
    largestBatch: 32,
    largestResidual: 0.01,
    points,
    draws: Array.from({ length: 400 }, () => times(Math.exp(0.015 * random.normal()))),
    ratios: Float64Array.from({ length: 2000 }, () => Math.exp(0.06 * random.normal())).toSorted(),
  };
}

const environment = {
  os: { platform: 'linux', release: '6.1.0', arch: 'x64', distribution: null },
  cpu: {
    model: 'Intel(R) Xeon(R) Platinum 8488C',
    logicalCores: 8,
    physicalCores: 4,
    usableCores: 8,
    affinityCores: 8,
    quotaCores: null,
    instructionSets: ['avx512f', 'avx512_vnni', 'amx_int8'],
    frequencyMhz: 3000,
    governor: null,
  },
  memory: { totalBytes: 16 * 1024 ** 3, availableBytes: null, limitBytes: null },
  container: null,
  node: process.version,
  onnxruntime: '',
  providers: ['cpu'],
  gpus: [],
  fingerprint: '',
};

function measured(modelIndex, curve, isInt8) {
  return {
    index: modelIndex,
    modelIndex,
    curve,
    dims: {},
    measuredOn: {
      environment,
      ep: 'cpu',
      threads: 2,
      instances: 4,
      instance: null,
      processor: 'xeon-8488c',
      accelerator: null,
    },
    work: { flop: 2e8, bytes: 2e7, isInt8 },
    shares: { compute: 0.6, memory: 0.3, overhead: 0.1 },
    peakRssBytes: 300 * 1024 ** 2,
    modelBytes: 20 * 1024 ** 2,
    tokens: null,
  };
}

const curves = [measured(0, curveOf(3.5, 1.25), false), measured(1, curveOf(2.2, 0.5), true)];

function settingsOf(perSecond, { limitMs, balancing = 'round-robin', arrivals = { kind: 'poisson' } }) {
  const load = {
    meanPerSecond: perSecond,
    peakPerSecond: perSecond,
    requestsPerMonth: perSecond * 730 * 3600,
    hourly: null,
    arrivals,
    cacheHit: 0,
  };
  return {
    load,
    objective: { percentile: 99, limitMs },
    balancing,
    targetUtilization: 0.6,
    minReplicas: 1,
    spareReplicas: 0,
    batch: null,
    queueDelayMs: null,
    purchases: ['on-demand', 'spot', 'reserved'],
    reservedDiscount: 0.35,
    spot: { fallback: 0, interruptionsPerHour: null, lostSeconds: 300 },
    ownUsdPerHour: null,
    serverless: null,
    powerUsageEffectiveness: 1.15,
    gramsPerKwh: null,
    simulate: true,
    requestsSimulated: 20_000,
    seed: 0,
  };
}

function timed(work) {
  const startMs = performance.now();
  const value = work();
  return { value, ms: performance.now() - startMs };
}

function judged(name, ms, limitMs, rest = '') {
  const ok = ms <= limitMs;
  broken ||= !ok;
  console.log(`${ok ? 'ok  ' : 'OVER'}  ${name.padEnd(58)} ${(ms / 1000).toFixed(2)} s of ${limitMs / 1000} s${rest}`);
}

const questions = {
  'p99=50ms at 500/s': settingsOf(500, { limitMs: 50 }),
  'p99=15ms at 5,000/s': settingsOf(5000, { limitMs: 15 }),
  'p99=15ms at 5,000/s, least outstanding': settingsOf(5000, { limitMs: 15, balancing: 'least-outstanding' }),
  'p99=50ms at 500/s, bursts (CV 13.2)': settingsOf(500, {
    limitMs: 50,
    arrivals: { kind: 'gamma', variation: 13.2 },
  }),
};
console.log(`${catalog.instances.length} instances, 2 models, on demand, spot and reserved:`);
for (const [name, settings] of Object.entries(questions)) {
  const { value, ms } = timed(() => projectOptions({ curves, catalog, instances: catalog.instances }, settings));
  const meeting = value.options.filter(({ meetsSlo }) => meetsSlo).length;
  judged(name, ms, limits.projectionMs, `; ${value.options.length} options, ${meeting} meet it`);
}

function simulated(requests, balancing, replicas) {
  const fleet = { service: curves[0].curve, ratios: curves[0].curve.ratios, replicas, balancing, queueLimit: null };
  return timed(() => {
    const run = simulate({
      fleet: { ...fleet, maxBatch: 8, queueDelayMs: 0 },
      arrivals: { kind: 'poisson' },
      ratePerMs: 0.42 * replicas,
      requests,
      seed: 0,
    });
    return run.p99Ms.value;
  }).ms;
}

console.log('a million requests:');
for (const [balancing, replicas] of [
  ['round-robin', 1],
  ['round-robin', 16],
  ['two-choices', 16],
  ['least-outstanding', 16],
  ['least-outstanding', 256],
])
  judged(`${balancing}, ${replicas} replica(s)`, simulated(1e6, balancing, replicas), limits.millionMs);

console.log('time for a request, against that with an eighth as many requests:');
for (const balancing of ['round-robin', 'least-outstanding']) {
  const perRequest = [250_000, 500_000, 1_000_000, 2_000_000].map((requests) => {
    const times = [1, 2, 3].map(() => simulated(requests, balancing, 16) / requests);
    return Math.min(...times);
  });
  const growth = perRequest.at(-1) / perRequest[0];
  broken ||= growth > limits.worstGrowth;
  const told = perRequest.map((ms) => `${(ms * 1e6).toFixed(0)} ns`).join(', ');
  console.log(`${growth > limits.worstGrowth ? 'OVER' : 'ok  '}  ${balancing}: ${told} (times ${growth.toFixed(2)})`);
}
process.exitCode = broken ? 1 : 0;
