import { afterAll, describe, expect, it } from 'vitest';
import { encodeText } from '../../../fixtures/text/characters.ts';
import type { GenerationRequest } from '../../../src/runtime/generation/generation.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { createProcessRuntime } from '../../../src/runtime/process-runtime.ts';
import type { SessionOptions } from '../../../src/runtime/runtime.ts';
import { fixtureBytes, fixturePath } from '../../fixtures/read-fixture.ts';
import { languageDecoder } from '../../models/language-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { openWriter } from './in-process-writer.ts';

const files = temporaryFolder();
afterAll(files.remove);
const runtime = createProcessRuntime();
const options: SessionOptions = {
  modelPath: fixturePath('text/decoder.onnx'),
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 20_000,
};
const request: GenerationRequest = {
  prompts: [encodeText('\nOne evening Clara')],
  newTokens: 12,
  stopIds: [],
  useCache: true,
};

describe('a session in its own process', () => {
  it('writes, warms up and measures whole requests, and runs inputs as before', async () => {
    const { model, write } = await openWriter(fixtureBytes('text/decoder.onnx'));
    const session = await runtime.open(options);
    const report = await session.generation?.generate(model, { ...request, keepLogits: true });
    expect(report?.ids).toEqual((await write(request)).ids);
    expect(report?.logits).toHaveLength(12 * 96);
    await session.generation?.setRequests(model, [request, { ...request, newTokens: 5 }]);
    expect((await session.warmUp({ minRuns: 2, minMs: 0, maxMs: 1, tolerance: 0.02 })).runs).toBe(2);
    const rule = { startAtMs: runtime.nowMs(), minRuns: 4, minMs: 0, maxMs: 60_000, floorRuns: 4 };
    const { tokens, startsMs, endsMs } = await session.measure(rule);
    expect([...(tokens?.gaps ?? [])]).toEqual([11, 4, 11, 4]);
    expect([...(tokens?.produced ?? [])]).toEqual([12, 5, 12, 5]);
    expect(tokens?.copyMs).toBeGreaterThan(0);
    for (const [run, endMs] of endsMs.entries()) {
      const elapsedMs = endMs - (startsMs[run] ?? Number.NaN);
      expect(tokens?.ttftMs[run]).toBeLessThan(elapsedMs);
      expect(tokens?.insideMs[run]).toBeLessThanOrEqual(elapsedMs);
    }
    await session.close();
  });

  it('tells what the runtime refuses: a position beyond the table', async () => {
    const modelPath = files.write('short.onnx', encodeModel(languageDecoder({ context: 8 })));
    const session = await runtime.open({ ...options, modelPath });
    const { model } = await openWriter(encodeModel(languageDecoder({ context: 8 })));
    const beyond = session.generation?.generate(model, { ...request, prompts: [[1, 2, 3, 4]] });
    await expect(beyond).rejects.toMatchObject({ name: 'RuntimeError', code: 'run-failed' });
    await session.close();
  });
});
