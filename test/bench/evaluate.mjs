// What does `infer evaluate` cost beside a bare batched loop over tensors in memory, and does its memory grow with the
// data? `npm run bench:evaluate [-- MODEL]`: that model of digits, or fixtures/digits/cnn.onnx. Times are from the data's
// opening to the result, process start and the loading of the model excluded; rounds are interleaved, medians printed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDataset } from '../../dist/data/open-dataset.js';
import { writeNpz } from '../../dist/data/write-npz.js';
import { thisWorkplace } from '../../dist/runtime/workplace.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [model = join(root, 'fixtures/digits/cnn.onnx')] = process.argv.slice(2);
const small = 20_000;
const large = 200_000;
const rounds = 5;
const batch = 64;
const threads = 2;
const folder = mkdtempSync(join(tmpdir(), 'infer-evaluate-'));

/** The committed digits, again and again. */
async function writeDigits(name, count, compress) {
  const image = { name: 'image', type: 'uint8', shape: ['batch', 1, 28, 28] };
  const dataset = await openDataset(join(root, 'fixtures/digits/test.npz'), {
    inputs: [image],
    outputs: [],
    batchAxis: { kind: 'symbolic', dimension: 'batch', also: [] },
    given: new Set(),
    preprocess: null,
    tokenizer: null,
    workplace: thisWorkplace(),
  });
  const { feeds, labels } = await dataset.read(Array.from({ length: dataset.size }, (_, i) => i));
  await dataset.close();
  const pixels = new Uint8Array(count * 784);
  const classes = new BigInt64Array(count);
  for (let i = 0; i < count; i++) {
    const from = (i % dataset.size) * 784;
    pixels.set(feeds.image.data.subarray(from, from + 784), i * 784);
    classes[i] = BigInt(labels[i % dataset.size].data[0]);
  }
  const path = join(folder, name);
  const arrays = {
    image: { type: 'uint8', dims: [count, 1, 28, 28], data: pixels },
    label: { type: 'int64', dims: [count], data: classes },
  };
  await writeNpz(path, arrays, { compress });
  return path;
}

function run(script, words) {
  const output = execFileSync(process.execPath, [
    '--expose-gc',
    join(root, 'test/bench', script),
    ...words.map(String),
  ]);
  return JSON.parse(output.toString());
}

const evaluate = (path) => run('evaluate-task.mjs', [model, path, batch, threads]);
const bare = (count) => run('evaluate-bare.mjs', [model, count, batch, threads]);

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

try {
  console.log(`${model}, batch ${batch}, ${threads} threads, median of ${rounds} interleaved rounds`);
  for (const [kind, compress] of [
    ['stored', false],
    ['deflated', true],
  ]) {
    const path = await writeDigits(`small-${kind}.npz`, small, compress);
    const times = { ours: [], bare: [] };
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? ['ours', 'bare'] : ['bare', 'ours'];
      for (const who of order) times[who].push((who === 'ours' ? evaluate(path) : bare(small)).ms);
    }
    const [ours, loop] = [median(times.ours), median(times.bare)];
    console.log(
      `${kind}: ${small} digits in ${ours.toFixed(0)} ms, bare loop ${loop.toFixed(0)} ms: ${(ours / loop).toFixed(3)} (at most 1.3)`,
    );
    const peaks = [evaluate(path), evaluate(await writeDigits(`large-${kind}.npz`, large, compress))];
    for (const process of ['parent', 'child']) {
      const [before, after] = peaks.map((peak) => peak[`${process}Bytes`]);
      console.log(
        `  peak of the ${process}: ${mebibytes(before)}, with ${large} digits ${mebibytes(after)}: ${(after / before).toFixed(3)} (0.9 to 1.1)`,
      );
    }
    console.log(`  accuracy ${peaks.map(({ accuracy }) => accuracy).join(' and ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
