import { describe, expect, it } from 'vitest';
import { benchResultSchema, pointSchema } from '../../../src/bench/bench-result.ts';
import type { LanguageSettings } from '../../../src/bench/language/language-settings.ts';
import type { LoadSettings } from '../../../src/bench/load/load-settings.ts';
import type { Script } from '../../../src/runtime/scripted.ts';
import type { ScriptedGeneration, ScriptedToken } from '../../../src/runtime/scripted-generation.ts';
import { benchResult, environment } from '../../report/fixture-bench-result.ts';
import type { OptionsSketch } from '../scripted-bench.ts';
import { measureByScript, onlyPoint, runFailed, signatureOf } from '../scripted-bench.ts';
import { decoderSignature, ids, logits, pasts, presents, uncachedSignature, value } from './decoder-signature.ts';

const settings: LanguageSettings = {
  mode: 'on',
  promptTokens: [16],
  newTokens: [5],
  stopIds: [],
  minRequests: 4,
  prompts: null,
  showText: false,
  decode: null,
};

/** A prompt takes 1 ms a token of a sequence, a token after it 2 ms; in batches of four both take twice as long. */
function tokenMs({ request, token }: ScriptedToken): number {
  const crowd = request.prompts.length >= 4 ? 2 : 1;
  return crowd * (token === 0 ? (request.prompts[0]?.length ?? 0) : 2);
}

function write(
  sketch: OptionsSketch & { readonly language?: LanguageSettings } = {},
  generation: Partial<ScriptedGeneration> = {},
  script: Partial<Script> = {},
) {
  return measureByScript(
    { language: settings, ...sketch },
    { signature: () => decoderSignature, generation: { tokenMs, ...generation }, ...script },
  );
}

describe('figures of written text', () => {
  it('are those of their definitions, the first token counted once', async () => {
    const { findings } = await write({ axes: { batches: [1, 4] }, language: { ...settings, promptTokens: [16, 64] } });
    const told = findings.points.map(({ tokens, batch, requestedDims, latencyMs }) => ({
      batch,
      dims: requestedDims,
      requestMs: latencyMs?.p50.value,
      ttftMs: tokens?.ttftMs.value,
      tpotMs: tokens?.tpotMs.value,
      itlMs: tokens?.itlMs.value,
      prefill: tokens?.prefillTokensPerSecond.value,
      decode: tokens?.decodeTokensPerSecond.value,
      user: tokens?.tokensPerSecondPerUser?.value,
      output: tokens?.outputTokensPerSecond?.value,
    }));
    const near = (n: number) => expect.closeTo(n, 6);
    const row = (batch: number, prompt: number) => {
      const [crowd, tpotMs] = batch === 4 ? [2, 4] : [1, 2];
      const ttftMs = crowd * prompt;
      const requestMs = ttftMs + 4 * tpotMs;
      return {
        batch,
        dims: { prompt_tokens: prompt, new_tokens: 5 },
        requestMs: near(requestMs),
        ttftMs: near(ttftMs),
        tpotMs: near(tpotMs),
        itlMs: near(tpotMs),
        prefill: near((1000 * batch * prompt) / ttftMs),
        decode: near((1000 * batch) / tpotMs),
        user: near(1000 / tpotMs),
        output: near((1000 * 5 * batch) / requestMs),
      };
    };
    expect(told).toEqual([row(1, 16), row(4, 16), row(1, 64), row(4, 64)]);
    expect(findings.best).toMatchObject({ latency: 0, throughput: 1 });
  });

  it('have intervals over blocks, on the logarithm', async () => {
    const perBlock = [2, 2.2, 2.1];
    let [blocks, opened] = [-1, -1];
    const { findings } = await write(
      {},
      {
        tokenMs: (token) => {
          // Probing opens the first session.
          if (token.opened !== opened) [blocks, opened] = [blocks + 1, token.opened];
          return token.token === 0 ? 16 : (perBlock[blocks - 1] ?? 2);
        },
      },
    );
    const { tokens } = onlyPoint(findings);
    const mean = (2 * 2.2 * 2.1) ** (1 / 3);
    expect(tokens?.tpotMs.value).toBeCloseTo(mean, 9);
    const logs = perBlock.map(Math.log);
    const center = Math.log(mean);
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / 2);
    // Student's t of two degrees of freedom at 97.5 %.
    const half = (4.302653 * deviation) / Math.sqrt(3);
    expect(tokens?.tpotMs.low).toBeCloseTo(Math.exp(center - half), 5);
    expect(tokens?.tokensPerSecondPerUser?.low).toBeCloseTo(1000 / Math.exp(center + half), 3);
    expect(tokens?.ttftMs.value).toBeCloseTo(16, 9);
  });

  it('tell a stall between tokens in the 99th percentile, once there are times enough', async () => {
    const stalling = ({ token, run }: ScriptedToken) => (token === 0 ? 16 : token % 40 === 0 && run % 2 === 0 ? 50 : 2);
    const many = await write({ language: { ...settings, newTokens: [81] } }, { tokenMs: stalling });
    const { tokens } = onlyPoint(many.findings);
    expect(tokens?.gaps).toBe(3 * 4 * 80);
    expect(tokens?.itlMs.value).toBeCloseTo(2, 9);
    expect(tokens?.itlP99Ms?.value).toBeGreaterThan(40);
    const few = await write({}, { tokenMs: stalling });
    expect(onlyPoint(few.findings).tokens?.itlP99Ms).toBeNull();
    expect(few.findings.warnings.map(({ code }) => code)).not.toContain('tail-too-few-runs');
  });

  it('are of all instances together, and of what ran while all did', async () => {
    const { findings } = await write({ axes: { instances: [2], threads: [1] } });
    expect(onlyPoint(findings).tokens).toMatchObject({
      decodeTokensPerSecond: { value: expect.closeTo(1000, 6) },
      prefillTokensPerSecond: { value: expect.closeTo(2000, 6) },
      tokensPerSecondPerUser: { value: expect.closeTo(500, 6) },
      outputTokensPerSecond: { value: expect.closeTo((2 * 5 * 1000) / 24, 6) },
    });
  });

  it('count what ends a text, and not what the batch computes after it', async () => {
    const ends = ({ prompts }: { prompts: readonly unknown[] }) =>
      prompts.map((_, row) => (row === 0 ? [1, 9] : [1, 2, 3, 9]));
    const { findings } = await write(
      { axes: { batches: [2] }, language: { ...settings, stopIds: [9] } },
      { ids: ends },
    );
    // 6 tokens of 2 sequences in 16 ms and 3 times 2 ms.
    expect(onlyPoint(findings).tokens).toMatchObject({
      generated: 3,
      isForced: false,
      decodeTokensPerSecond: { value: expect.closeTo((1000 * 4) / 6, 6) },
      tpotMs: { value: expect.closeTo(2, 9) },
    });
  });

  it('are absent where a stop token always came first', async () => {
    const { findings } = await write({ language: { ...settings, stopIds: [9] } }, { ids: () => [[9]] });
    expect(onlyPoint(findings)).toMatchObject({ status: 'ok', latencyMs: { p50: { value: expect.closeTo(16, 9) } } });
    expect(onlyPoint(findings).tokens).toBeUndefined();
  });

  it('tell of the cache, and of time outside the model', async () => {
    const { findings } = await write({ axes: { batches: [4] } }, { insideShare: 0.95, copyMs: 0.4 });
    const { tokens } = onlyPoint(findings);
    // 4 heads of 8 floats, keys and values of 2 layers.
    expect(tokens).toMatchObject({
      kvBytesPerToken: 512,
      cacheBytes: 4 * 512 * 20,
      outsideShare: expect.closeTo(0.05, 9),
    });
    expect(tokens?.copyShare).toBeCloseTo((0.4 / 4) * (18.5 / 20), 9);
    const without = await write({}, {}, { signature: () => uncachedSignature });
    expect(onlyPoint(without.findings).tokens).toMatchObject({
      kvBytesPerToken: null,
      cacheBytes: null,
      copyShare: null,
      matchesUncached: null,
    });
  });

  it('fit the schema after a round trip through JSON', async () => {
    const { findings } = await write({ language: { ...settings, showText: true } });
    const result = { ...benchResult(['a.onnx'], []), ...findings, environment };
    expect(benchResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(pointSchema.parse(onlyPoint(findings)).rounds[0]?.tokens?.gaps).toBe(16);
  });
});

describe('what is checked before', () => {
  it('holds the cache against running the whole text, with the same tokens', async () => {
    const asked: unknown[] = [];
    const { findings } = await write(
      {},
      {
        ids: (request) => {
          if (request.keepLogits === true)
            asked.push([request.prompts[0]?.length, request.newTokens, request.useCache, request.follow]);
          return [[1, 2, 3, 4, 5].slice(0, request.newTokens)];
        },
        logits: ({ useCache }) => Float32Array.of(1, useCache ? 1 : 1.5, 1, 1, 1),
      },
    );
    expect(asked).toContainEqual([8, 5, true, undefined]);
    expect(asked).toContainEqual([8, 5, false, [[1, 2, 3, 4, 5]]]);
    expect(onlyPoint(findings).tokens).toMatchObject({
      matchesUncached: false,
      uncachedDifference: { maxAbs: 0.5 },
    });
    expect(findings.warnings).toContainEqual({
      code: 'cache-differs',
      details: { model: 'a.onnx', ep: 'cpu', maxAbs: 0.5, maxRel: expect.closeTo(1 / 3, 6) },
    });
  });

  it('holds other providers against the CPU, with its tokens', async () => {
    const { findings } = await write(
      { axes: { providers: ['webgpu'] } },
      { logits: (_, { provider }) => new Float32Array(5).fill(provider === 'cpu' ? 1 : 3) },
    );
    expect(onlyPoint(findings)).toMatchObject({
      ep: 'webgpu',
      outputsMatchCpu: false,
      outputDifference: { maxAbs: 2 },
    });
    expect(onlyPoint(findings).tokens?.matchesUncached).toBe(true);
  });

  it('refuses logits that are no numbers', async () => {
    const { findings } = await write({}, { logits: () => new Float32Array(5).fill(Number.NaN) });
    expect(onlyPoint(findings)).toMatchObject({ status: 'failed', reason: { code: 'logits-not-numbers' } });
  });

  it('keeps what was written where it is asked for, with the texts', async () => {
    const decode = (tokens: readonly number[]) => tokens.map((id) => String.fromCharCode(97 + (id % 26))).join('');
    const language = {
      ...settings,
      showText: true,
      decode,
      promptTokens: [2],
      prompts: [{ ids: [0, 1], origin: 'row 1' }],
    };
    const { findings } = await write(
      { language },
      { ids: ({ useCache, newTokens }) => [[2, 3, 4, 5, useCache ? 6 : 7].slice(0, newTokens)] },
    );
    expect(onlyPoint(findings).tokens?.sample).toEqual({
      prompt: [0, 1],
      generated: [2, 3, 4, 5, 6],
      promptText: 'ab',
      text: 'cdefg',
      matchesUncached: false,
    });
    expect(findings.warnings).toContainEqual({ code: 'text-differs', details: { model: 'a.onnx', ep: 'cpu' } });
  });
});

describe('what cannot be written', () => {
  const limited = { models: ['a.onnx'] };
  const context = (limit: number) => ({ integerLimits: {}, contextLimit: limit });

  it('leaves out what is beyond the context, the last token being written and not read', async () => {
    const { findings } = await write({
      ...limited,
      files: context(20),
      language: { ...settings, promptTokens: [16, 17] },
    });
    expect(findings.points.map(({ status, reason }) => [status, reason])).toEqual([
      ['ok', null],
      ['skipped', { code: 'beyond-context', details: { prompt: 17, generated: 5, limit: 20 } }],
    ]);
    expect(findings.points[0]?.tokens?.contextLimit).toBe(20);
  });

  it('refuses a sweep of which nothing fits', async () => {
    await expect(write({ ...limited, files: context(19) })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'context-exceeded',
      details: { model: 'a.onnx', prompt: 16, generated: 5, limit: 19 },
    });
  });

  it('chooses lengths that fit where none are asked for', async () => {
    const open = { ...settings, promptTokens: [], newTokens: [] };
    const dims = async (limit: number) =>
      onlyPoint((await write({ files: context(limit), language: open })).findings).requestedDims;
    expect(await dims(1000)).toEqual({ prompt_tokens: 128, new_tokens: 64 });
    expect(await dims(48)).toEqual({ prompt_tokens: 32, new_tokens: 17 });
  });

  it('skips batches that the model does not take', async () => {
    const fixed = (tensor: typeof ids) => value(tensor.name, tensor.type, tensor.shape.with(0, 2));
    const signature = { inputs: [ids, ...pasts].map(fixed), outputs: [logits, ...presents].map(fixed) };
    const { findings } = await write({ axes: { batches: [1, 2] } }, {}, { signature: () => signature });
    expect(findings.points.map(({ status, reason }) => [status, reason?.code])).toEqual([
      ['skipped', 'fixed-batch'],
      ['ok', undefined],
    ]);
  });

  it('fails the case that dies, and no other', async () => {
    const { findings } = await write(
      { language: { ...settings, promptTokens: [16, 32] } },
      {
        tokenMs: ({ request }) => {
          if ((request.prompts[0]?.length ?? 0) > 16) throw runFailed;
          return 1;
        },
      },
    );
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'failed']);
  });

  it('names both tensors of a cache that does not hold together', async () => {
    const odd = value('present.0.key', 'float32', ['batch_size', 2, 'total', 8]);
    const signature = { inputs: [ids, ...pasts], outputs: [logits, odd, ...presents.slice(1)] };
    await expect(write({}, {}, { signature: () => signature })).rejects.toMatchObject({
      name: 'ModelError',
      code: 'cache-mismatch',
      details: { path: 'a.onnx', input: 'past_key_values.0.key', output: 'present.0.key' },
    });
  });

  it('refuses a load, whose requests are single runs', async () => {
    const load: LoadSettings = {
      rates: [{ kind: 'max' }],
      arrivals: { kind: 'poisson' },
      arrivalsName: 'poisson',
      objective: null,
      durationMs: 1000,
      findMax: false,
    };
    await expect(write({ load })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'load-writes-text',
      details: { model: 'a.onnx' },
    });
  });

  it('refuses models that cannot write, and token ids that they do not have', async () => {
    await expect(write({}, {}, { signature: () => signatureOf(['batch', 4]) })).rejects.toMatchObject({
      code: 'not-a-decoder',
    });
    const prompts = [{ ids: [100], origin: 'prompts.jsonl row 1' }];
    await expect(write({ language: { ...settings, prompts } })).rejects.toMatchObject({
      code: 'token-unknown',
      details: { path: 'prompts.jsonl row 1', id: 100, vocabulary: 100 },
    });
  });
});

describe('without being asked', () => {
  const auto: LanguageSettings = { ...settings, mode: 'auto' };

  it('writes where every model is a decoder with a cache', async () => {
    const { findings } = await write({ language: auto });
    expect(onlyPoint(findings).tokens?.generated).toBe(5);
  });

  it.each([
    ['models without a cache', () => uncachedSignature],
    ['other models', () => signatureOf(['batch', 4])],
  ])('measures single runs of %s', async (_, signature) => {
    const { findings } = await write({ language: auto }, {}, { signature });
    expect(onlyPoint(findings)).toMatchObject({ status: 'ok', latencyMs: { p50: { value: expect.closeTo(1, 9) } } });
    expect(onlyPoint(findings).tokens).toBeUndefined();
  });
});
