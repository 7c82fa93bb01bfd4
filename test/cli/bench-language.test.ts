import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import type { ScriptedGeneration, ScriptedToken } from '../../src/runtime/scripted-generation.ts';
import { decoderSignature, uncachedSignature } from '../bench/language/decoder-signature.ts';
import { fixturePath } from '../fixtures/read-fixture.ts';
import { languageDecoder } from '../models/language-models.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const decoder = files.write('decoder.onnx', encodeModel(languageDecoder({ context: 600, vocabulary: 96 })));
const linear = files.write('linear.onnx', linearModel());

/** Reads 4 tokens in a millisecond and writes one in 2. */
const tokenMs = ({ request, token }: ScriptedToken) => (token === 0 ? (request.prompts[0]?.length ?? 0) / 4 : 2);

function bench(words: readonly string[], generation: Partial<ScriptedGeneration> = {}, signature = decoderSignature) {
  const runtime = scriptedRuntime({
    signature: ({ modelPath }) => (modelPath === linear ? { inputs: [], outputs: [] } : signature),
    runMs: () => 1,
    generation: { tokenMs, ...generation },
  });
  return runInfer(['bench', ...words], { runtime });
}

async function resultOf(words: readonly string[], generation: Partial<ScriptedGeneration> = {}) {
  return benchResultSchema.parse(JSON.parse((await bench([...words, '--json'], generation)).stdout));
}

describe('infer bench of a language model', () => {
  it('tells the times of tokens over prompts and batches in one table, and in JSON', async () => {
    const words = [decoder, '--prompt-tokens', '16,128', '--new-tokens', '32', '--batch', '1,4'];
    const { exitCode, stdout } = await bench(words);
    expect(exitCode).toBe(0);
    for (const header of ['TTFT', 'TPOT', 'ITL p50', 'ITL p99', 'prefill', 'decode']) expect(stdout).toContain(header);
    const { points, settings } = await resultOf(words);
    expect(points.map(({ batch, requestedDims }) => [batch, requestedDims])).toEqual([
      [1, { prompt_tokens: 16, new_tokens: 32 }],
      [4, { prompt_tokens: 16, new_tokens: 32 }],
      [1, { prompt_tokens: 128, new_tokens: 32 }],
      [4, { prompt_tokens: 128, new_tokens: 32 }],
    ]);
    for (const { tokens } of points)
      expect(tokens).toMatchObject({
        generated: 32,
        tpotMs: { value: expect.closeTo(2, 6), low: expect.closeTo(2, 6) },
      });
    expect(points[2]?.tokens?.ttftMs.value).toBeCloseTo(32, 6);
    expect(settings).toMatchObject({ inputs: 'synthetic', minRuns: 4 });
  });

  it('writes without being asked, and measures single runs where it is', async () => {
    const [first] = (await resultOf([decoder])).points;
    expect(first?.tokens).toMatchObject({ prompt: 128, generated: 64 });
    const plain = (await resultOf([decoder, '--lm', 'off'])).points[0];
    expect(plain?.tokens).toBeUndefined();
    const bound = await resultOf([decoder, '--dim', 'sequence_length=8']);
    expect(bound.points[0]?.tokens).toBeUndefined();
  });

  it('takes as many requests a block as are asked for', async () => {
    const { points } = await resultOf([decoder, '--new-tokens', '8', '--min-runs', '40', '--min-time', '1ms']);
    expect(points[0]?.rounds[0]?.runs).toBe(40);
    const usual = await resultOf([decoder, '--new-tokens', '8', '--min-time', '1ms']);
    expect(usual.points[0]?.rounds[0]?.runs).toBe(4);
  });

  it('reads prompts of texts and ids, and shows what is written', async () => {
    const path = files.write('prompts.jsonl', '{"text":"Tom had a dog"}\n{"ids":[4,5,6]}\n');
    const tokenizer = fixturePath('text/tokenizer.json');
    const words = [decoder, '--data', path, '--tokenizer', tokenizer, '--show-text', '--new-tokens', '4'];
    const ids = () => [[34, 66, 85, 1]];
    const { points, settings } = await resultOf(words, { ids });
    expect(settings.inputs).toBe(path);
    expect(points[0]?.requestedDims).toEqual({ new_tokens: 4 });
    // Of 13 and 3 tokens.
    expect(points[0]?.tokens?.prompt).toBeCloseTo(8, 0);
    expect(points[0]?.tokens?.sample).toMatchObject({
      promptText: 'Tom had a dog',
      text: 'Aat ',
      matchesUncached: true,
    });
    const { stdout } = await bench(words, { ids });
    expect(stdout).toContain('"Tom had a dog" "Aat " (the same without the cache)');
  });

  it('explains its figures', async () => {
    const { stdout } = await bench([decoder, '--explain']);
    expect(stdout).toMatch(/TTFT +time to first token/);
    expect((await bench([decoder])).stdout).not.toContain('time to first token');
  });

  it('ends with 1 under --verify where the cache makes other logits', async () => {
    const logits = ({ useCache, newTokens }: { useCache: boolean; newTokens: number }) =>
      new Float32Array(newTokens).fill(useCache ? 1 : 2);
    expect((await bench([decoder], { logits })).exitCode).toBe(0);
    const verified = await bench([decoder, '--verify'], { logits });
    expect(verified.exitCode).toBe(1);
    expect(verified.stdout).toContain('cache differs');
  });

  it('draws a page of curves', async () => {
    const page = `${files.folder}/page.html`;
    const { exitCode } = await bench([decoder, '--prompt-tokens', '16,64', '--batch', '1,2', '-o', page]);
    expect(exitCode).toBe(0);
  });
});

describe('what makes no sense', () => {
  it.each<[string, readonly string[], number, string]>([
    [
      'single inputs',
      [decoder, '--prompt-tokens', '8', '--dim', 'sequence_length=4'],
      2,
      '--prompt-tokens makes no sense with --dim',
    ],
    [
      'text where it is off',
      [decoder, '--lm', 'off', '--new-tokens', '8'],
      2,
      '--new-tokens makes no sense with --lm off',
    ],
    [
      'a browser',
      [decoder, '--new-tokens', '8', '--ep', 'browser-wasm'],
      2,
      'text is written in onnxruntime-node alone',
    ],
    ['a load', [decoder, '--new-tokens', '8', '--rate', '5/s'], 2, '--new-tokens makes no sense with --rate'],
    ['one token', [decoder, '--new-tokens', '1'], 2, '1 is below 2'],
    ['no tokens', [decoder, '--prompt-tokens', '0'], 2, '0 is below 1'],
    ['other data', [decoder, '--new-tokens', '8', '--data', 'x.npz'], 2, 'which prompts are read from'],
    ['another model', [linear, '--new-tokens', '8'], 3, 'cannot write text: no input takes token ids'],
    [
      'too long a context',
      [decoder, '--prompt-tokens', '600', '--new-tokens', '64'],
      2,
      'has positions for 600 tokens',
    ],
  ])('refuses %s', async (_, words, exitCode, sentence) => {
    const outcome = await bench(words);
    expect(outcome.stderr.replaceAll(/\s+/g, ' ')).toContain(sentence);
    expect(outcome.exitCode).toBe(exitCode);
  });

  it('refuses token ids beyond the vocabulary, and texts without a tokenizer', async () => {
    const path = files.write('ids.jsonl', '{"ids":[4,500]}\n');
    const beyond = await bench([decoder, '--data', path]);
    expect(beyond.exitCode).toBe(3);
    expect(beyond.stderr).toContain('row 1: token id 500 is beyond the vocabulary');
    const texts = files.write('texts.jsonl', '{"text":"Tom"}\n');
    const without = await bench([decoder, '--data', texts]);
    expect(without.exitCode).toBe(2);
    expect(without.stderr).toContain('--tokenizer is missing');
  });

  it('measures single runs of a model without a cache unless text is asked for', async () => {
    const plain = await bench([decoder, '--json'], {}, uncachedSignature);
    expect(JSON.parse(plain.stdout).points[0].tokens).toBeUndefined();
    const asked = await bench([decoder, '--new-tokens', '4', '--json'], {}, uncachedSignature);
    expect(JSON.parse(asked.stdout).points[0].tokens).toMatchObject({ generated: 4, kvBytesPerToken: null });
  });
});
