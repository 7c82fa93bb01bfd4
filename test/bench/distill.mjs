// How close does a student with half the channels come to the digits CNN, without a single label? And how close by the
// labels alone, in as many steps? `npm run bench:distill [-- EPOCHS]`; both are judged on the 2,000 digits that neither
// they nor the teacher were trained on.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cnn } from '../../dist-test/fixtures/digits/cnn.js';
import { digitTensors, readDigits } from '../../dist-test/fixtures/digits/digits.js';
import { writeNpz } from '../../dist/data/write-npz.js';
import { encodeModel } from '../../dist/onnx/file/encode-model.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const teacher = join(root, 'fixtures/digits/cnn.onnx');
const epochs = process.argv[2] ?? '30';
const folder = mkdtempSync(join(tmpdir(), 'infer-distill-'));
const inFolder = (name) => join(folder, name);

/** Exit code 1 is a result too: a student that is no better. */
function infer(words) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  return JSON.parse(execFileSync(process.execPath, [join(root, 'bin/infer.js'), ...words, '--json'], { stdio }));
}

function accuracyOf(model) {
  const { metrics } = infer(['evaluate', model, '--data', inFolder('held.npz'), '-q']);
  return metrics.find(({ name }) => name === 'accuracy').value;
}

const percent = (share) => (100 * share).toFixed(2);
function print(name, { value, low, high }, more = '') {
  console.log(`${name.padEnd(28)} ${percent(value)} % [${percent(low)}, ${percent(high)}]${more}`);
}

function student(name, data, words) {
  const output = inFolder(`${name}.onnx`);
  const models = ['--teacher', teacher, '--student', inFolder('half.onnx'), '--data', inFolder(data), '-o', output];
  const course = ['--random-init', '--epochs', epochs, '--patience', '0', '--lr', '3e-3'];
  const result = infer(['distill', ...models, ...course, ...words]);
  const taken = result.epochs.at(-1).steps;
  return { accuracy: accuracyOf(output), more: `, ${taken} steps of ${result.stepMs.toFixed(1)} ms` };
}

try {
  const { train, held } = readDigits();
  const { image, label } = digitTensors(train);
  await writeNpz(inFolder('images.npz'), { image });
  await writeNpz(inFolder('labeled.npz'), { image, label });
  await writeNpz(inFolder('held.npz'), digitTensors(held));
  writeFileSync(inFolder('half.onnx'), encodeModel(cnn({ seed: 7, width: 0.5 })));
  const own = accuracyOf(teacher);
  print('teacher', own);
  const distilled = student('distilled', 'images.npz', []);
  print('distilled, no labels', distilled.accuracy, distilled.more);
  const labeled = student('labeled', 'labeled.npz', ['--alpha', '1']);
  print('labels alone', labeled.accuracy, labeled.more);
  const behind = 100 * (own.value - distilled.accuracy.value);
  console.log(`the distilled student is ${behind.toFixed(2)} points behind its teacher (wanted: 0.5 at most)`);
  process.exitCode = behind <= 0.5 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
