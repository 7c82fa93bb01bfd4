// What pruning reaches on the digits models of fixtures/, by the command itself: node test/bench/prune.mjs [SECTION...]
// Sections: ratios, controls, distill, mobile, vit, vit-distilled, targets, sparsity, pipeline. `--budget 30s` is the time
// to measure.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeNpz } from '../../dist/data/write-npz.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { budget: { type: 'string', default: '30s' }, threads: { type: 'string', default: '1' } },
});
const digits = join(root, 'fixtures/digits');
const folder = mkdtempSync(join(tmpdir(), 'infer-prune-'));

function infer(...args) {
  try {
    execFileSync(process.execPath, [join(root, 'bin/infer.js'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    return 0;
  } catch (error) {
    if (error.status !== 1) process.stderr.write(String(error.stderr));
    return error.status;
  }
}

/** Prunes one of the digits models and returns its result with the exit code. */
function prune(model, name, flags, data = join(digits, 'test.npz')) {
  const report = join(folder, `${name}.json`);
  const output = join(folder, `${name}.onnx`);
  const place = ['--threads', values.threads, '--budget', values.budget, '--accept-worse', '--force'];
  const exit = infer('prune', model, ...flags, '--data', data, ...place, '-o', output, '--report', report, '--quiet');
  return { exit, output, result: exit === 0 || exit === 1 ? JSON.parse(readFileSync(report, 'utf8')) : null };
}

const points = (estimate) =>
  estimate === null || estimate === undefined
    ? '-'
    : `${(100 * estimate.value).toFixed(2)} [${(100 * estimate.low).toFixed(2)}, ${(100 * estimate.high).toFixed(2)}]`;
const times = (estimate) =>
  estimate === null || estimate === undefined
    ? '-'
    : `${(1 / estimate.value).toFixed(3)} [${(1 / estimate.high).toFixed(3)}, ${(1 / estimate.low).toFixed(3)}]`;

function row(label, { exit, result }) {
  if (result === null) return console.log(`${label.padEnd(44)} exit ${exit}`);
  const macs = result.after.macs === null ? '-' : (result.after.macs / result.before.macs).toFixed(3);
  const parameters = (result.after.parameters / result.before.parameters).toFixed(3);
  const seconds = (result.elapsedMs / 1000).toFixed(0);
  console.log(
    `${label.padEnd(44)} drop ${points(result.evaluation.drop?.drop).padEnd(22)} latency ${times(result.speedup?.ratio).padEnd(22)} MACs ${macs} parameters ${parameters} ${result.verdict} ${seconds} s`,
  );
}

const cnn = join(digits, 'cnn.onnx');
const mobile = join(digits, 'mobile.onnx');
const vit = join(digits, 'vit.onnx');
// Points of accuracy, so that figures are those of the acceptance lists.
const pt = ['--max-drop', '0.5pt'];

const sections = {
  ratios: () => {
    for (const share of ['0.25', '0.5', '0.75'])
      row(`cnn, ${share} of channels`, prune(cnn, `cnn-${share}`, ['--channels', share, ...pt]));
  },
  controls: () => {
    const half = ['--channels', '0.5', ...pt];
    row('cnn, 0.5, not reconstructed', prune(cnn, 'raw', [...half, '--no-reconstruct']));
    for (const score of ['random', 'l1', 'l2', 'wifv', 'activation', 'obs', 'taylor'])
      row(`cnn, 0.5, ${score}`, prune(cnn, score, [...half, '--score', score]));
    row('cnn, 0.5, in 4 steps', prune(cnn, 'steps', [...half, '--steps', '4']));
    row('cnn, 0.5, one ranking', prune(cnn, 'global', [...half, '--global']));
  },
  distill: () =>
    row('cnn, 0.5, 4 epochs of distillation', prune(cnn, 'distilled', ['--channels', '0.5', '--distill', '4', ...pt])),
  mobile: () => row('mobile, 0.25', prune(mobile, 'mobile', ['--channels', '0.25', ...pt])),
  vit: () => row('vit, half of neurons and heads', prune(vit, 'vit', ['--channels', '0.5', '--heads', '0.5', ...pt])),
  'vit-distilled': async () => {
    const { digitTensors, readDigits } = await import('../../dist-test/fixtures/digits/digits.js');
    const { train, held } = readDigits();
    const [images, judged] = [join(folder, 'images.npz'), join(folder, 'held.npz')];
    await writeNpz(images, { image: digitTensors(train).image });
    await writeNpz(judged, digitTensors(held));
    const words = ['--channels', '0.5', '--heads', '0.5', '--distill', '20', '--batch', '16', ...pt];
    const pruned = prune(vit, 'vit-distilled', words, images);
    row('vit, half of both, 20 epochs without labels', pruned);
    const report = join(folder, 'vit-held.json');
    infer('evaluate', pruned.output, '--reference', vit, '--data', judged, '-o', report, '--quiet');
    const { metrics } = JSON.parse(readFileSync(report, 'utf8'));
    const { reference } = metrics.find(({ name }) => name === 'accuracy');
    console.log(`  on 2,000 held-out digits: accuracy ${points(reference.difference)} points`);
  },
  targets: () => {
    for (const [name, model] of [
      ['cnn', cnn],
      ['vit', vit],
    ]) {
      const pruned = prune(model, `target-${name}`, ['--target-latency', '0.6x']);
      row(`${name}, --target-latency 0.6x`, pruned);
      for (const each of pruned.result?.candidates ?? [])
        console.log(
          `    ${each.chosen ? '*' : ' '} ${each.name.padEnd(24)} latency ${times(each.speedup)} drop ${each.drop}`,
        );
    }
  },
  sparsity: () => {
    for (const sparsity of ['2:4', '0.8', '0.9'])
      for (const score of ['magnitude', 'wanda', 'sparsegpt'])
        row(
          `cnn, ${sparsity}, ${score}`,
          prune(cnn, `${score}-${sparsity}`, ['--sparsity', sparsity, '--sparsity-score', score, ...pt]),
        );
  },
  pipeline: () => {
    const pruned = prune(cnn, 'pipeline', ['--channels', '0.5', ...pt]);
    row('cnn, 0.5', pruned);
    const report = join(folder, 'pipeline-int8.json');
    const output = join(folder, 'pipeline-int8.onnx');
    const place = ['--threads', values.threads, '--budget', values.budget, '--accept-worse', '--force', '--quiet'];
    infer(
      'quantize',
      pruned.output,
      '--int8',
      '--data',
      join(digits, 'test.npz'),
      ...place,
      '-o',
      output,
      '--report',
      report,
    );
    const { speedup, evaluation } = JSON.parse(readFileSync(report, 'utf8'));
    console.log(`  int8 of it: latency ${times(speedup?.ratio)} drop ${points(evaluation.drop?.drop)}`);
    const both = join(folder, 'both.json');
    infer(
      'bench',
      cnn,
      pruned.output,
      output,
      '--threads',
      values.threads,
      '--budget',
      values.budget,
      '--quiet',
      '-o',
      both,
    );
    for (const { point, speedup: ratio } of JSON.parse(readFileSync(both, 'utf8')).comparisons)
      console.log(`  of the original, model ${point}: latency ${times(ratio)}`);
  },
};

try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(sections)) {
    if (!Object.hasOwn(sections, name)) throw new Error(`no section '${name}': ${Object.keys(sections).join(', ')}`);
    console.log(`\n${name}`);
    await sections[name]();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
