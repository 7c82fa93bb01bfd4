// Is text measured as it is written, and written as it should be? `npm run bench:language [-- SECTION...]`
//  text   greedy text of a real model equals what another implementation wrote, and writing without the cache
//  loop   in one process, the measuring loop and a bare one take turns: ratios of TTFT and TPOT; time outside the model
//  table  `infer bench` over prompts and batches: one table, and the fields of its JSON
// `--stories FILE` or STORIES260K names a small language model that is not in this repository, its tok512.bin beside it;
// without it the fixture alone is looked at.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ort from 'onnxruntime-node';
import { languageDecoder } from '../../dist-test/test/models/language-models.js';
import { benchResultSchema } from '../../dist/bench/bench-result.js';
import { recognizeDecoder } from '../../dist/bench/language/recognize.js';
import { createRuntime } from '../../dist/index.js';
import { encodeModel } from '../../dist/onnx/file/encode-model.js';
import { generate } from '../../dist/runtime/generation/generator.js';
import { GenerationLoop } from '../../dist/runtime/generation/generation-loop.js';
import { TokenRecorder } from '../../dist/runtime/generation/token-recorder.js';
import { openOnnxSession } from '../../dist/runtime/onnxruntime.js';
import { median } from '../../dist/stats/quantile.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { readTokens } from './llama2-tokens.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stories: { type: 'string', default: process.env.STORIES260K },
    seconds: { type: 'string', default: '45' },
    threads: { type: 'string', default: '1' },
  },
});
const threads = Number(asked.threads);
const folder = mkdtempSync(join(tmpdir(), 'infer-language-'));
const fixture = join(root, 'fixtures/text/decoder.onnx');
const stories = asked.stories === undefined ? [] : [{ name: 'stories260K', path: asked.stories }];
let failures = 0;

function tell(isGood, text) {
  if (!isGood) failures += 1;
  console.log(`  ${isGood ? 'ok  ' : 'FAIL'} ${text}`);
}

/** Greedy from "Zoo", as llama2.c's weights were seen to write elsewhere. */
const expectedText =
  'Zoo was a little girl named Lily. She loved to play outside in the park. One day, she saw a big, red ball.';

async function textSection() {
  console.log('Text:');
  for (const { path } of stories) {
    const tokens = readTokens(join(dirname(path), 'tok512.bin'));
    const [prompt, whole] = [tokens.encode('Zoo'), tokens.encode(expectedText)];
    const session = await createRuntime().open({
      modelPath: path,
      provider: 'cpu',
      threads,
      optimization: 'all',
      strictProvider: false,
      timeoutMs: 60_000,
    });
    const { model } = recognizeDecoder(session.signature);
    const request = { prompts: [prompt], newTokens: whole.length - prompt.length, stopIds: [], keepLogits: true };
    const cached = await session.generation.generate(model, { ...request, useCache: true });
    const anew = await session.generation.generate(model, { ...request, useCache: false, follow: cached.ids });
    await session.close();
    const written = [...prompt, ...cached.ids[0]];
    tell(JSON.stringify(written) === JSON.stringify(whole), `${written.length} token ids are those of the known text`);
    console.log(`       "${tokens.decode(written)}"`);
    const difference = cached.logits.reduce((most, value, at) => Math.max(most, Math.abs(value - anew.logits[at])), 0);
    tell(
      difference <= 1e-4,
      `cached and uncached logits differ by at most ${difference.toExponential(1)} over ${request.newTokens} tokens`,
    );
  }
  if (stories.length === 0) console.log('  no --stories');
}

/** What anyone would write for a model with the usual names. Times are taken where the other loop takes them. */
function bareLoop(session, { vocabulary, layers, heads, size, hasPositions }) {
  const parts = Array.from({ length: layers }, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
  const longs = (values, dims) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  return async (prompt, count) => {
    const times = [performance.now()];
    let cache = Object.fromEntries(
      parts.map((part) => [
        `past_key_values.${part}`,
        new ort.Tensor('float32', new Float32Array(0), [1, heads, 0, size]),
      ]),
    );
    let [tokens, past] = [prompt, 0];
    for (let made = 0; made < count; made++) {
      const total = past + tokens.length;
      const outputs = await session.run({
        input_ids: longs(tokens, [1, tokens.length]),
        attention_mask: new ort.Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]),
        ...(hasPositions && {
          position_ids: longs(
            tokens.map((_, at) => past + at),
            [1, tokens.length],
          ),
        }),
        ...cache,
      });
      cache = Object.fromEntries(parts.map((part) => [`past_key_values.${part}`, outputs[`present.${part}`]]));
      const { data } = outputs.logits;
      let best = data.length - vocabulary;
      for (let at = best; at < data.length; at++) if (data[at] > data[best]) best = at;
      past = total;
      tokens = [best - (data.length - vocabulary)];
      times.push(performance.now());
    }
    return { ttftMs: times[1] - times[0], tpotMs: (times.at(-1) - times[1]) / (count - 1) };
  };
}

async function loopSection() {
  console.log(
    `One process, the measuring loop and a bare one in turn, ${threads} thread(s), 128 tokens and 16 more, medians of pairs:`,
  );
  const tenMillion = join(folder, 'ten-million.onnx');
  // Two heads share keys and values, as in the real model below and in most of today's.
  const spec = { layers: 6, heads: 8, kvHeads: 4, headSize: 40, inner: 1408, vocabulary: 4096, context: 256 };
  writeFileSync(tenMillion, encodeModel(languageDecoder(spec)));
  const models = [
    { name: 'fixture', path: fixture, vocabulary: 96, layers: 3, heads: 4, size: 24 },
    { name: '10M', path: tenMillion, vocabulary: 4096, layers: 6, heads: 4, size: 40 },
    ...stories.map((model) => ({ ...model, vocabulary: 512, layers: 5, heads: 4, size: 8 })),
  ];
  for (const each of models) await compareLoops({ hasPositions: true, ...each });
}

async function compareLoops(shape) {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 };
  const session = await ort.InferenceSession.create(shape.path, options);
  const found = await openOnnxSession({
    modelPath: shape.path,
    provider: 'cpu',
    threads,
    optimization: 'all',
    strictProvider: false,
  });
  const { model } = recognizeDecoder(found.signature);
  await found.release();
  const random = createRandom(0, 'language', shape.name);
  const prompt = Array.from({ length: 128 }, () => random.integer(shape.vocabulary));
  // Short requests: what else the machine does hits both of a pair.
  const count = 16;
  const request = { prompts: [prompt], newTokens: count, stopIds: [], useCache: true };
  const own = { session, model, now: () => performance.now() };
  const loops = {
    bare: bareLoop(session, shape),
    harness: async () => {
      const recorder = new TokenRecorder();
      await generate(own, request, recorder);
      const { ttftMs, itlMs } = recorder.finish(null);
      return { ttftMs: ttftMs[0], tpotMs: itlMs.reduce((sum, ms) => sum + ms, 0) / itlMs.length };
    },
  };
  for (let warm = 0; warm < 10; warm++) for (const loop of Object.values(loops)) await loop(prompt, count);
  const pairs = [];
  const endMs = performance.now() + 1000 * Number(asked.seconds);
  while (performance.now() < endMs) {
    const row = {};
    for (const name of random.shuffle(Object.keys(loops))) row[name] = await loops[name](prompt, count);
    pairs.push(row);
  }
  for (const figure of ['ttftMs', 'tpotMs']) {
    const ratio = median(pairs.map(({ bare, harness }) => harness[figure] / bare[figure]));
    const bareMs = median(pairs.map(({ bare }) => bare[figure]));
    tell(
      ratio >= 0.98 && ratio <= 1.02,
      `${shape.name.padEnd(12)} ${figure.slice(0, 4).toUpperCase()} bare ${bareMs.toFixed(3)} ms, ratio ${ratio.toFixed(4)} over ${pairs.length}`,
    );
  }
  await outside(shape, { own, request: { ...request, newTokens: 64 } });
}

/**
 * At 128 tokens of context on average: what the session's calls do not take of the time between tokens, and what copying
 * the cache out of the runtime takes, which they include.
 */
async function outside({ name }, { own, request }) {
  const loop = new GenerationLoop(own, [{ ...request, prompts: request.prompts.map((prompt) => prompt.slice(0, 96)) }]);
  const recorder = await loop.measure({ minRuns: 20, minMs: 0, maxMs: 1e9, floorRuns: 20 });
  const { startsMs, endsMs } = recorder.finish(0);
  const { insideMs, itlMs, copyMs } = loop.takeTimes();
  const elapsedMs = endsMs.reduce((sum, endMs, run) => sum + endMs - startsMs[run], 0);
  const share = 1 - insideMs.reduce((sum, ms) => sum + ms, 0) / elapsedMs;
  const copies = ((copyMs / median([...itlMs])) * 128) / (96 + request.newTokens - 1);
  const parts = `${(100 * share).toFixed(2)} % chooses and feeds tokens, ${(100 * copies).toFixed(2)} % copies the cache`;
  tell(
    name !== '10M' || share + copies < 0.1,
    `${name.padEnd(12)} outside the model ${(100 * (share + copies)).toFixed(2)} %: ${parts}`,
  );
}

async function tableSection() {
  const words = ['--prompt-tokens', '16,128', '--new-tokens', '32', '--batch', '1,4', '--threads', asked.threads];
  for (const { name, path } of [{ name: 'the text fixture', path: fixture }, ...stories]) {
    const output = join(folder, 'bench.json');
    console.log(`infer bench ${words.join(' ')}, ${name}:\n`);
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(root, 'bin/infer.js'), 'bench', path, ...words, '-o', output],
      {
        encoding: 'utf8',
        env: { ...process.env, COLUMNS: '160' },
      },
    );
    console.log(`${stdout}${status === 0 ? '' : stderr}`);
    const { points } = benchResultSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
    const figures = ['ttftMs', 'tpotMs', 'itlMs', 'itlP99Ms', 'prefillTokensPerSecond', 'decodeTokensPerSecond'];
    const hasAll = points.every(({ tokens }) => figures.every((figure) => tokens?.[figure]?.low > 0));
    tell(points.length === 4 && hasAll, `4 points with intervals of ${figures.join(', ')}`);
    tell(
      points.every(({ tokens }) => tokens.matchesUncached),
      'their first logits are those without the cache',
    );
  }
}

const sections = { text: textSection, loop: loopSection, table: tableSection };
try {
  for (const [name, run] of Object.entries(sections))
    if (positionals.length === 0 || positionals.includes(name)) await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures > 0) throw new Error(`${failures} did not hold`);
