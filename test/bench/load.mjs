// Latency under load on a real model. `npm run bench:load [-- MODEL [THREADS [SECONDS [LIMIT_MS]]]]`
// 1. Half and 0.8 of the closed-loop throughput: service and from-arrival percentiles side by side, and the generator's
//    lateness. 2. A generator that is stopped for 300 ms invalidates its run. 3. --find-max against a dense sweep of rates
//    under the same objective: within 20 %. The objective is p99=60ms unless told: far enough for a generator that is 2 ms
//    late now and then, as on any virtual machine that is not alone.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scheduleAt } from '../../dist/bench/load/schedule.js';
import { summarizeLoad } from '../../dist/bench/load/summarize-load.js';
import { createProcessRuntime } from '../../dist/runtime/process-runtime.js';
import { realModel } from './real-models.mjs';

const [name = 'cls', threads = '1', seconds = '5', limit = '60'] = process.argv.slice(2);
const limitMs = Number(limit);
const slo = `p99=${limitMs}ms`;
const durationMs = Number(seconds) * 1000;
const model = realModel(name);
const infer = fileURLToPath(new URL('../../bin/infer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'infer-load-'));

function bench(...words) {
  const out = join(folder, 'result.json');
  const common = ['bench', model.path, ...model.flags, '--threads', threads, '--rounds', '3', '--max-rounds', '3'];
  const args = [infer, ...common, '--budget', '10s', '--duration', `${durationMs}ms`, ...words, '-o', out];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`exit ${status}: ${stderr}`);
  return { stdout, result: JSON.parse(readFileSync(out, 'utf8')) };
}

const ms = (estimate) => (estimate === null || estimate === undefined ? '-' : estimate.value.toFixed(2));
const line = (run) =>
  `${run.asked.padEnd(10)} offered ${run.offeredPerSecond?.toFixed(0) ?? 'all'}/s, answered ${run.achievedPerSecond.toFixed(0)}/s, ` +
  `service p50 ${ms(run.serviceMs?.p50)} p99 ${ms(run.serviceMs?.p99)}, from arrival p50 ${ms(run.latencyMs?.p50)} p99 ${ms(run.latencyMs?.p99)} ms, ` +
  `late p50 ${run.generatorLatenessMs.p50?.toFixed(3)} p99 ${run.generatorLatenessMs.p99?.toFixed(3)} of ${run.latenessLimitMs.toFixed(3)} ms, ` +
  `${run.valid ? 'valid' : 'NOT VALID'}, ${run.stable ? 'stable' : 'NOT STABLE'}${run.disturbed.length > 0 ? `, ${run.disturbed.join(' ')}` : ''}`;

/** A run whose generator is stopped by force for 300 ms. */
async function heldUp(perSecond, limitMs) {
  const runtime = createProcessRuntime();
  const server = await runtime.openServer({
    modelPath: model.path,
    provider: 'cpu',
    threads: Number(threads),
    optimization: 'all',
    strictProvider: false,
    timeoutMs: 60_000,
    instances: 1,
  });
  const { input, dims } = model;
  const size = dims.reduce((product, length) => product * length, 1);
  const feeds = { [input]: { type: 'float32', dims, data: new Float32Array(size).fill(0.5) } };
  try {
    await server.setInputs([feeds]);
    await server.warmUp({ minRuns: 50, minMs: 300, maxMs: 2000, tolerance: 0.05 });
    const schedule = scheduleAt({ kind: 'poisson' }, { perSecond, requests: Math.round(perSecond * 2), seed: 0 });
    const serving = server.serve({ arrivalsMs: schedule.arrivalsMs, drainMs: 2000, maySpin: false });
    await new Promise((resolve) => setTimeout(resolve, 700));
    process.kill(server.generatorPid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(server.generatorPid, 'SIGCONT');
    const objective = { percentile: 99, limitMs };
    return summarizeLoad(schedule, await serving, {
      asked: 'held up',
      arrivals: 'poisson',
      objective,
      disturbed: [],
    });
  } finally {
    await server.close();
  }
}

let failed = 0;
const check = (text, isRight) => {
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${text}`);
  if (!isRight) failed += 1;
};

try {
  console.log(`${name}, ${threads} threads of ${availableParallelism()} cores, ${durationMs / 1000} s a run`);
  const shares = bench('--rate', '0.5x,0.8x', '--slo', slo);
  const [half, most] = shares.result.points[0].loads;
  const closed = shares.result.points[0].throughput.runsPerSecond.value;
  console.log(`closed loop ${closed.toFixed(0)}/s, p99 ${ms(shares.result.points[0].latencyMs.p99)} ms`);
  for (const run of [half, most]) console.log(line(run));
  check('both runs are valid: requests were issued when they were due', half.valid && most.valid);
  check('requests take longer than runs', most.latencyMs.p99.value > most.serviceMs.p99.value);

  const late = await heldUp(closed / 2, limitMs);
  console.log(line(late));
  check('a generator held up for 300 ms invalidates the run', !late.valid && late.meetsObjective === 'undecided');

  const search = bench('--find-max', '--slo', slo).result.points[0].maxRate;
  console.log(
    `find-max ${slo}: ${search.perSecond.value?.toFixed(0)}/s (${search.status}, low ${search.perSecond.low?.toFixed(0)}, high ${search.perSecond.high?.toFixed(0)})`,
  );
  for (const { step, run } of search.probes)
    console.log(`  ${step.padEnd(7)} ${run.meetsObjective?.padEnd(9)} ${line(run)}`);
  const shareList = Array.from({ length: 9 }, (_, index) => 0.44 + 0.08 * index);
  const rates = shareList.map((share) => `${(share * closed).toFixed(1)}/s`);
  const sweep = bench('--slo', slo, '--rate', rates.join(',')).result.points[0].loads;
  for (const run of sweep) console.log(`  sweep   ${run.meetsObjective?.padEnd(9)} ${line(run)}`);
  // Between the highest rate that met the objective and the lowest above it that did not; runs that are not valid say nothing.
  const told = sweep.filter((run) => run.valid);
  const met = Math.max(...told.filter((run) => run.meetsObjective === 'met').map((run) => run.offeredPerSecond));
  const above = told.filter((run) => run.offeredPerSecond > met).map((run) => run.offeredPerSecond);
  const known = above.length === 0 ? met : Math.sqrt(met * Math.min(...above));
  const ratio = search.perSecond.value / known;
  check(
    `find-max over the ${known.toFixed(0)}/s of the dense sweep: ${ratio.toFixed(3)} (0.8 to 1.2)`,
    ratio >= 0.8 && ratio <= 1.2,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
