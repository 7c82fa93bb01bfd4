// Opens, saves, optimizes and quantizes every .onnx below the given folders:
// `npm run conformance -- DIR… [--generated 300] [--schemes int8,int4]`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferError } from '../../src/errors.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { schemes } from '../../src/quantize/vocabulary.ts';
import type { ModelRunner } from '../../src/runtime/model-runner.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import type { Trial } from './check-model.ts';
import { checkOptimized } from './check-model.ts';
import type { QuantizeOutcome, Quantizing } from './check-quantized.ts';
import { checkQuantized, hasLayers } from './check-quantized.ts';
import { generatedModels } from './generated-models.ts';
import { savedByPython } from './python-writer.ts';
import { roundTrip } from './round-trip.ts';
import { syntheticTrial } from './synthetic-trial.ts';
import { testSets } from './test-sets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { generated: { type: 'string', default: '300' }, schemes: { type: 'string', default: 'int8' } },
});
const wanted = values.schemes.split(',');
const folder = mkdtempSync(join(tmpdir(), 'infer-conformance-'));
const tally = {
  models: 0,
  /** Generated models once more, as Python's onnx saves them. */
  python: 0,
  identical: 0,
  reencodedIdentical: 0,
  stable: 0,
  optimized: 0,
  trials: 0,
  unrunnable: 0,
  nodesBefore: 0,
  nodesAfter: 0,
};
/** Of quantizing models that have a layer, by scheme: what came of it and how often. */
const quantized = new Map(
  schemes
    .filter((scheme) => wanted.includes(scheme))
    .map((scheme) => [scheme, { valid: 0, nodes: 0, refused: 0, unrunnable: 0, wrong: 0 }]),
);
const failures: string[] = [];
/** Remarks, how often each was made, and of which models where it matters. */
const notes = new Map<string, string[]>();
const note = (text: string, name = '') => notes.set(text, [...(notes.get(text) ?? []), name]);

function* modelsBelow(folder: string): Generator<string, void, undefined> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* modelsBelow(path);
    else if (entry.name.endsWith('.onnx')) yield path;
  }
}

async function checkFile(path: string, runner: ModelRunner): Promise<void> {
  tally.models++;
  await guarded(path, async () => {
    await checkRoundTrip(path);
    const trials = await trialsOf(path, runner);
    await checkOptimizing(path, readFileSync(path), trials, runner);
    await checkQuantizing(path, path, trials);
  });
}

async function checkRoundTrip(path: string): Promise<void> {
  const { identical, reencodedIdentical, stable } = await roundTrip(path, folder);
  if (identical) tally.identical++;
  else failures.push(`${path}: not saved as it was`);
  if (reencodedIdentical) tally.reencodedIdentical++;
  if (stable) tally.stable++;
  else failures.push(`${path}: encoded anew it is another model`);
}

/** The test sets beside it, or, where there are none, made-up inputs. */
async function trialsOf(path: string, runner: ModelRunner): Promise<readonly Trial[]> {
  try {
    const loaded = await runner.load({ path });
    const { signature } = loaded;
    await loaded.release();
    const sets = testSets(path, signature);
    for (const set of sets) if ('problem' in set) note(`a test set is not read: ${set.problem.replace(/^.*?: /, '')}`);
    const usable = sets.flatMap((set) => ('problem' in set ? [] : [set]));
    if (usable.length > 0) return usable;
    return [syntheticTrial(readModelBytes(readFileSync(path)), signature)];
  } catch (error) {
    if (!(error instanceof InferError)) throw error;
    // What the runtime refuses is told when the model is run.
    return [];
  }
}

async function checkOptimizing(
  name: string,
  bytes: Uint8Array,
  trials: readonly Trial[],
  runner: ModelRunner,
): Promise<void> {
  const outcome = await checkOptimized(bytes, trials, runner);
  if (outcome.kind === 'wrong') failures.push(`${name}: ${outcome.problem}`);
  else if (outcome.kind === 'unrunnable') {
    tally.unrunnable++;
    note(`the runtime does not run the original: ${outcome.problem.replace(/^.*?: /, '').slice(0, 160)}`);
  } else {
    tally.optimized++;
    tally.trials += outcome.trials;
    tally.nodesBefore += outcome.before;
    tally.nodesAfter += outcome.after;
  }
}

async function checkQuantizing(name: string, path: string, trials: readonly Trial[]): Promise<void> {
  if (!hasLayers(readModelBytes(readFileSync(path)))) return;
  for (const [scheme, counts] of quantized) {
    const outcome = await guardedQuantizing(`${name} --${scheme}`, { path, folder, scheme, trials, runtime, runner });
    counts[outcome.kind]++;
    if (outcome.kind === 'valid') counts.nodes += outcome.quantized;
    if (outcome.kind === 'refused') note(`--${scheme} refused: ${outcome.why}`, name);
    if (outcome.kind === 'unrunnable') note(`--${scheme}: the original does not run here`, name);
  }
}

async function guardedQuantizing(name: string, quantizing: Quantizing): Promise<QuantizeOutcome> {
  try {
    const outcome = await checkQuantized(quantizing);
    if (outcome.kind === 'wrong') failures.push(`${name}: ${outcome.problem}`);
    return outcome;
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { kind: 'wrong', problem: 'it crashed' };
  }
}

async function checkGenerated(count: number, runner: ModelRunner): Promise<void> {
  for (const { name, model, feeds } of generatedModels(count)) {
    tally.models++;
    const bytes = encodeModel(model);
    await guarded(name, async () => {
      const path = join(folder, `${name}.onnx`);
      writeFileSync(path, bytes);
      await checkRoundTrip(path);
      const trials = [{ feeds, expected: null }];
      await checkOptimizing(name, bytes, trials, runner);
      await checkQuantizing(name, path, trials);
    });
  }
  for (const path of savedByPython(folder)) {
    tally.python++;
    await guarded(path, async () => {
      if (!(await roundTrip(path, folder)).identical)
        failures.push(`${path}: Python's bytes are not saved as they were`);
    });
  }
}

async function guarded(name: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const runtime = createProcessRuntime();
const runner = await runtime.openRunner({ threads: 1, timeoutMs: 60_000 });
try {
  for (const directory of positionals) for (const path of modelsBelow(directory)) await checkFile(path, runner);
  await checkGenerated(Number(values.generated), runner);
} finally {
  await runner.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${tally.models} models: ${tally.identical} saved byte for byte, ${tally.reencodedIdentical} byte for byte even when ` +
    `encoded anew, ${tally.stable} the same model when encoded anew`,
);
if (tally.python > 0)
  console.log(`${tally.python} of them saved by Python's onnx too, and again by us byte for byte unless told below`);
console.log(
  `${tally.optimized} optimized and run on ${tally.trials} sets of inputs, ${tally.nodesBefore} nodes -> ` +
    `${tally.nodesAfter}; ${tally.unrunnable} whose original does not run here`,
);
for (const [scheme, { valid, nodes, refused, unrunnable, wrong }] of quantized)
  console.log(
    `--${scheme}: ${valid} models quantized (${nodes} nodes), loaded and run; ${refused} refused; ${unrunnable} whose ` +
      `original does not run here; ${wrong} crashed or invalid`,
  );
for (const [text, names] of notes) {
  const shown = names.filter((name) => name !== '').slice(0, 4);
  console.log(`note: ${names.length} x ${text}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`);
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(
  `${tally.models - new Set(failures.map((text) => text.split(':')[0])).size} passed, ${failures.length} failed`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
