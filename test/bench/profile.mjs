// Whether `infer profile` tells the truth: npm run bench:profile [-- MODEL...]. For each model
// - its own times cover the profile's run, and every node of the file has a fate;
// - the five costliest kernels, each as a model of its own at the same shapes, take what was attributed to them;
// - three profiles agree on the five costliest.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addModelBytes } from './add-model.mjs';
import { createRuntime } from '../../dist/commands/create-runtime.js';
import { envelopeOf } from '../../dist/commands/envelope.js';
import { profile } from '../../dist/commands/profile.js';
import { parseInputValue } from '../../dist/data/input-value.js';
import { openModel } from '../../dist/onnx/file/open-model.js';
import { saveModel } from '../../dist/onnx/file/save-model.js';
import { modelOfKernel } from './profile-extract.mjs';
import { realModel } from './real-models.mjs';

const fixture = (name) => ({
  name,
  path: fileURLToPath(new URL(`../../fixtures/digits/${name}.onnx`, import.meta.url)),
});
const subjects = {
  det: { ...realModel('det'), dims: { 'x#2': 320, 'x#3': 320 }, input: {} },
  silero: { ...realModel('vad'), dims: { sequence: 576 }, input: { sr: '16000' } },
  'silero-32': { ...realModel('vad'), dims: { sequence: 576, batch: 32 }, input: { sr: '16000' } },
  cnn: fixture('cnn'),
  'cnn-16': { ...fixture('cnn'), dims: { batch: 16 } },
  vit: fixture('vit'),
  'vit-16': { ...fixture('vit'), dims: { batch: 16 } },
};
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '1' }, rounds: { type: 'string', default: '5' } },
});
const folder = mkdtempSync(join(tmpdir(), 'infer-bench-profile-'));

const base = {
  provider: 'cpu',
  compare: null,
  threads: Number(asked.threads),
  dims: {},
  batch: null,
  dataPath: null,
  runs: 20,
  rounds: Number(asked.rounds),
  budgetMs: 60_000,
  seed: 0,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 60_000,
  roofs: false,
};

function run({ path, dims = {}, batch = null, input = {} }, compare = null) {
  const values = Object.fromEntries(Object.entries(input).map(([name, text]) => [name, parseInputValue(String(text))]));
  const inputs = { shapes: {}, values, batchDimension: undefined };
  const request = { ...base, modelPath: path, compare, dims, batch, inputs };
  const envelope = envelopeOf({ version: '0', argv: [], now: new Date() });
  const [runtime, signal] = [createRuntime(), new AbortController().signal];
  return profile(request, { runtime, envelope, roofStore: null, signal, onEvent: () => undefined });
}

const costliest = ({ kernels }) =>
  kernels
    .filter(({ added }) => added === null)
    .toSorted((a, b) => b.timeMs.value - a.timeMs.value)
    .slice(0, 5);

/** What a call takes beside its kernels. */
writeFileSync(join(folder, 'add.onnx'), addModelBytes);
const bareMs = (await run({ path: join(folder, 'add.onnx') })).latencyMs.value;

/** What a kernel takes in the model, and in a model of its own, in blocks of the same rounds. */
async function alone(subject, result, kernel) {
  const opened = openModel(subject.path);
  try {
    const made = modelOfKernel(opened.model, kernel, result.dims);
    if (made === null) return null;
    const path = join(folder, 'kernel.onnx');
    await saveModel(made.model, path, {});
    const dims = { ...subject.dims, ...made.dims };
    const both = await run({ ...subject, dims }, { modelPath: path, provider: 'cpu' });
    const { kernels, latencyMs } = both.compared.subject;
    const work = kernels.filter(({ added, name }) => added === null && !made.probes.has(name));
    const share = work.reduce((sum, each) => sum + each.share.value, 0);
    const attributedMs = both.kernels.find(({ name }) => name === kernel.name).timeMs.value;
    return { attributedMs, aloneMs: (latencyMs.value - bareMs) * share };
  } finally {
    opened.close();
  }
}

try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(subjects)) {
    const subject = subjects[name];
    const results = [await run(subject), await run(subject), await run(subject)];
    const [first] = results;
    const fates = {};
    for (const { fate } of first.nodes) fates[fate] = (fates[fate] ?? 0) + 1;
    const covered = results.map(
      ({ coverage, writingShare }) => `${(100 * coverage).toFixed(0)}+${(100 * writingShare).toFixed(0)}`,
    );
    console.log(
      `${name}: ${first.latencyMs.value.toFixed(3)} ms, coverage+writing ${covered.join(' ')} %, ${JSON.stringify(fates)}`,
    );
    // Layers that are alike take the same time: one within a tenth of the fifth is as good as among the five.
    const isAmongFirst = (name) => (result) =>
      (result.kernels.find((kernel) => kernel.name === name)?.timeMs.value ?? 0) >=
      0.9 * costliest(result)[4].timeMs.value;
    const stable = costliest(first).filter(({ name }) => results.every(isAmongFirst(name))).length;
    let close = 0;
    for (const kernel of costliest(first)) {
      const both = await alone(subject, first, kernel);
      const ratio = both === null ? null : both.aloneMs / both.attributedMs;
      if (ratio !== null && ratio > 0.7 && ratio < 1.3) close++;
      const told =
        both === null ? 'shape unknown' : `${both.attributedMs.toFixed(4)} ms, alone ${both.aloneMs.toFixed(4)} ms`;
      console.log(`  ${kernel.op} ${kernel.name}: attributed ${told}, ${ratio?.toFixed(2)}`);
    }
    console.log(`  within 30 %: ${close} of 5; among the five costliest of all three: ${stable}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
