// How often does `infer gate` fail where nothing changed? `npm run bench:gate-aa [-- --gates 40 --budget 30s]` gates a
// model against itself again and again; beside every second gate another process loads one core at random. On the same
// blocks it also asks the usual question: one run each, more than 10 % slower?
import { spawn } from 'node:child_process';
import { median } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { wilsonInterval } from '../../dist/stats/wilson-interval.js';
import { gate, gateArguments, percent } from './gate-run.mjs';

const { model, ...asked } = gateArguments({ gates: '40', budget: '30s' });
const gates = Number(asked.gates);

/** A process that is busy and idle by turns, for as long as the gate runs. */
const busy = `
  const turns = process.argv.slice(1).map(Number);
  const spin = (ms) => { const end = Date.now() + ms; while (Date.now() < end); };
  (async () => { for (let i = 0; ; i++) {
    const ms = turns[i % turns.length];
    if (i % 2 === 0) spin(ms); else await new Promise((resolve) => setTimeout(resolve, ms));
  } })();`;

function loadOneCore(seed) {
  const random = createRandom(seed, 'load');
  const turns = Array.from({ length: 40 }, () => String(Math.round(100 + 2900 * random.next() ** 2)));
  return spawn(process.execPath, ['-e', busy, ...turns], { stdio: 'ignore' });
}

const verdicts = { quiet: [], loaded: [] };
const oneRunEach = { quiet: [], loaded: [] };
for (let index = 0; index < gates; index++) {
  const kind = index % 2 === 0 ? 'quiet' : 'loaded';
  const load = kind === 'loaded' ? loadOneCore(index) : null;
  const { result, seconds } = await gate({ base: model, head: model, ...asked, seed: index }).finally(() =>
    load?.kill(),
  );
  const [cell] = result.cells;
  const [{ blocks }] = result.scenarios;
  verdicts[kind].push(cell.verdict);
  const p50 = (arm, pair) => median(blocks.find((block) => block.arm === arm && block.pair === pair).latencyMs);
  const ratios = Array.from({ length: cell.pairs }, (_, pair) => p50('head', pair) / p50('base', pair));
  oneRunEach[kind].push(...ratios.map((ratio) => ratio > 1.1));
  const { value, low, high } = cell.ratio;
  console.log(
    `${String(index + 1).padStart(3)} ${kind.padEnd(6)} ${cell.verdict.padEnd(12)} ratio ${value.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}] pairs ${cell.pairs} detectable ${percent(cell.detectable.before)} before, ${percent(cell.detectable.after)} after, ${seconds.toFixed(0)} s`,
  );
}

for (const [kind, list] of Object.entries({ ...verdicts, all: Object.values(verdicts).flat() })) {
  const count = (verdict) => list.filter((each) => each === verdict).length;
  console.log(
    `${kind}: ${count('fail')} of ${list.length} fail, ${count('pass')} pass, ${count('inconclusive')} inconclusive`,
  );
}
for (const [kind, list] of Object.entries({ ...oneRunEach, all: Object.values(oneRunEach).flat() })) {
  const fails = list.filter(Boolean).length;
  const { low, high } = wilsonInterval(fails, list.length);
  console.log(`one run each, 10 %, ${kind}: ${fails} of ${list.length} fail [${percent(low)}, ${percent(high)}]`);
}
