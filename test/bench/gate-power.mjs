// Does `infer gate` find what it says it can? `npm run bench:gate-power [-- --gates 20 --budget 60s --slower 10%]` gates
// a model against one with extra nodes that take a known share of its time. Where the machine cannot resolve the share
// in the budget, by the figure that the gate prints before it runs, the share becomes 1.5 times that figure.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slower } from './gate-workflow-models.mjs';
import { gate, gateArguments, inFolder, percent } from './gate-run.mjs';

const { model, slower: share, ...asked } = gateArguments({ gates: '20', budget: '60s', slower: '10%' });
const gates = Number(asked.gates);
const infer = fileURLToPath(new URL('../../bin/infer.js', import.meta.url));

/** Latency of a model with so many extra products over that of the one without, measured side by side. */
async function slowdown(products) {
  const path = inFolder(`slower-${products}.onnx`);
  await slower(model, path, products);
  const output = inFolder('slower.json');
  const place = ['--batch', asked.batch, '--threads', asked.threads, '--budget', '60s', '-q', '-o', output];
  const { status, stderr } = spawnSync(process.execPath, [infer, 'bench', model, path, ...place], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [{ speedup }] = JSON.parse(readFileSync(output, 'utf8')).comparisons;
  return { path, ratio: 1 / speedup.value, low: 1 / speedup.high, high: 1 / speedup.low };
}

/** As many extra products as make the model slower by about the share. */
async function slowed(wanted) {
  const probe = 8;
  const { ratio } = await slowdown(probe);
  const products = Math.max(1, Math.round((probe * wanted) / Math.max(0.001, ratio - 1)));
  const made = await slowdown(products);
  console.log(
    `${products} extra products: slower by ${percent(made.ratio - 1)} [${percent(made.low - 1)}, ${percent(made.high - 1)}]`,
  );
  return made;
}

const pilot = await gate({ base: model, head: model, ...asked, seed: 1000 });
const [{ detectable }] = pilot.result.cells;
console.log(`detectable in ${asked.budget} by an A/A gate: ${percent(detectable.before)}`);
const asShare = Number.parseFloat(share) / 100;
const isResolvable = detectable.before !== null && detectable.before <= asShare;
const wanted = isResolvable ? asShare : 1.5 * (detectable.before ?? asShare);
if (!isResolvable) console.log(`${share} cannot be resolved here: raised to ${percent(wanted)}`);
const head = await slowed(wanted);

const found = { promised: [], other: [] };
for (let index = 0; index < gates; index++) {
  const { result, seconds } = await gate({ base: model, head: head.path, ...asked, seed: index });
  const [cell] = result.cells;
  const { before, after } = cell.detectable;
  const isPromised = before !== null && before <= head.ratio - 1;
  found[isPromised ? 'promised' : 'other'].push(cell.verdict === 'fail');
  console.log(
    `${String(index + 1).padStart(3)} ${cell.verdict.padEnd(12)} ratio ${cell.ratio.value.toFixed(3)} pairs ${cell.pairs} detectable ${percent(before)} before, ${percent(after)} after, ${seconds.toFixed(0)} s`,
  );
}
for (const [kind, list] of Object.entries(found)) {
  const what = kind === 'promised' ? 'detectable change at most the slowdown' : 'detectable change above it';
  console.log(`${what}: found in ${list.filter(Boolean).length} of ${list.length}`);
}
