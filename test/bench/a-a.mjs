// How often does a comparison of a model with itself claim a difference? `npm run bench:aa [pairs] [rounds]`
// Each A/A pair is a whole `infer bench m m`. Beside its paired interval, the same blocks are judged as others would:
// by intervals that do not overlap, and as if all blocks of one had been taken before those of the other (the first
// half of all blocks against the second).
import { bench, createRuntime, envelopeOf } from '../../dist/index.js';
import { pairedRatio } from '../../dist/stats/paired-ratio.js';
import { median } from '../../dist/stats/quantile.js';
import { realModel } from './real-models.mjs';

const cls = realModel('cls');

const pairs = Number(process.argv[2] ?? 100);
const rounds = Number(process.argv[3] ?? 5);
const runtime = createRuntime();

const excludesOne = ({ low, high }) => low > 1 || high < 1;
const apart = (a, b) => a.low > b.high || b.low > a.high;

async function pair(seed) {
  const result = await bench(
    {
      models: [cls.path, cls.path],
      providers: ['cpu'],
      threads: [1],
      instances: [1],
      dims: {},
      batches: [],
      inputs: { shapes: { x: cls.dims }, values: {}, batchDimension: undefined, poolSize: 2 },
      dataPath: null,
      samples: null,
      protocol: {
        seed,
        precision: 0.001,
        rounds,
        maxRounds: rounds,
        minRuns: 30,
        minMs: 60,
        warmUpMs: 60,
        budgetMs: 60_000,
        budgetIsHard: false,
        timeoutMs: 60_000,
        optimization: 'all',
        strictProvider: false,
        tolerance: { absolute: 1e-3, relative: 1e-2 },
      },
    },
    {
      runtime,
      envelope: envelopeOf({ version: '0', argv: [], now: new Date() }),
      onEvent: () => undefined,
      onCheckpoint: () => undefined,
    },
  );
  const blocks = result.points.flatMap((point) => point.rounds).toSorted((a, b) => a.order - b.order);
  const medians = blocks.map(({ latencyMs }) => median(latencyMs));
  const [first, second] = [medians.slice(0, rounds), medians.slice(rounds)];
  return {
    paired: excludesOne(result.comparisons[0].speedup),
    ratio: result.comparisons[0].speedup.value,
    nonOverlap: apart(result.points[0].latencyMs.p50, result.points[1].latencyMs.p50),
    sequential: excludesOne(pairedRatio(first.map((base, at) => ({ base, head: second[at] })))),
    dirty: blocks.filter(({ noise }) => noise.dirty.length > 0).length,
  };
}

const results = [];
for (let seed = 0; seed < pairs; seed++) {
  results.push(await pair(seed));
  if ((seed + 1) % 10 === 0) console.error(`${seed + 1} of ${pairs}`);
}
const count = (key) => results.filter((result) => result[key]).length;
const deviations = results.map(({ ratio }) => Math.abs(Math.log(ratio)));
console.log(
  `${pairs} A/A pairs of ${rounds} rounds, ${results.reduce((sum, { dirty }) => sum + dirty, 0)} of ${pairs * rounds * 2} blocks disturbed`,
);
console.log(`  paired interval excludes 1          ${count('paired')}`);
console.log(`  intervals of the two do not overlap ${count('nonOverlap')}`);
console.log(`  paired, all of one before the other   ${count('sequential')}`);
console.log(`  median |ln ratio| ${(median(deviations) * 100).toFixed(2)} %`);
