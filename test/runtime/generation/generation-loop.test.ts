import { describe, expect, it } from 'vitest';
import type { GenerationModel } from '../../../src/runtime/generation/generation-model.ts';
import type { GenerationRequest } from '../../../src/runtime/generation/generation.ts';
import { GenerationLoop } from '../../../src/runtime/generation/generation-loop.ts';
import type { Feeds } from '../../../src/runtime/onnxruntime.ts';
import { toFeeds } from '../../../src/runtime/onnxruntime.ts';

const model: GenerationModel = {
  ids: { name: 'ids', type: 'int64', fixedLength: null },
  mask: null,
  positions: null,
  types: null,
  branch: null,
  logitsToKeep: null,
  logits: 'logits',
  cache: [{ past: 'past', present: 'present', type: 'float32', dims: ['batch', 'length', 2] }],
};

const request = (length: number, newTokens: number): GenerationRequest => ({
  prompts: [Array<number>(length).fill(1), Array<number>(length).fill(2)],
  newTokens,
  stopIds: [],
  useCache: true,
});

/** A model that takes 10 ms for each token that it reads, and a clock that moves with it and by 1 ms at every reading. */
function fakeRun() {
  let clockMs = 0;
  const fed: { tokens: number; past: number }[] = [];
  return {
    fed,
    now: () => ++clockMs,
    session: {
      run: (feeds: Feeds): Promise<Feeds> => {
        const [tokens = 0, past = 0] = [feeds['ids']?.dims[1], feeds['past']?.dims[1]];
        fed.push({ tokens, past });
        clockMs += 10 * tokens;
        const present = {
          type: 'float32',
          dims: [2, past + tokens, 2],
          data: new Float32Array(4 * (past + tokens)),
        } as const;
        const logits = { type: 'float32', dims: [2, 3], data: Float32Array.of(0, 1, 0, 0, 0, 1) } as const;
        return Promise.resolve(toFeeds({ logits, present }));
      },
    },
  };
}

describe('GenerationLoop', () => {
  it('counts the first token once, from the start of its request', async () => {
    const { fed, now, session } = fakeRun();
    const loop = new GenerationLoop({ session, now, model }, [request(4, 3), request(2, 3)]);
    const recorder = await loop.measure({ minRuns: 2, minMs: 0, maxMs: 1e9, floorRuns: 2 });
    const times = loop.takeTimes();
    expect(recorder.finish(0).startsMs).toHaveLength(2);
    expect(fed).toEqual([
      { tokens: 4, past: 0 },
      { tokens: 1, past: 4 },
      { tokens: 1, past: 5 },
      { tokens: 2, past: 0 },
      { tokens: 1, past: 2 },
      { tokens: 1, past: 3 },
    ]);
    expect([...times.gaps]).toEqual([2, 2]);
    expect([...times.produced]).toEqual([6, 6]);
    expect([...times.prompted]).toEqual([8, 4]);
    // From the reading that begins the request on: before the run, after it, and once the token is chosen.
    expect([...times.ttftMs]).toEqual([43, 23]);
    expect([...times.itlMs]).toEqual([13, 13, 13, 13]);
    expect([...times.insideMs]).toEqual([41 + 11 + 11, 21 + 11 + 11]);
    expect(times.copyMs).toBe(1);
  });

  it('hands the outputs on as they are', async () => {
    const { now, session } = fakeRun();
    const made: unknown[] = [];
    const seen: unknown[] = [];
    const watched = {
      run: async (feeds: Feeds) => {
        seen.push(feeds['past']);
        const outputs = await session.run(feeds);
        made.push(outputs['present']);
        return outputs;
      },
    };
    const loop = new GenerationLoop({ session: watched, now, model }, [request(4, 3)]);
    await loop.measure({ minRuns: 1, minMs: 0, maxMs: 1e9, floorRuns: 1 });
    expect(seen.slice(1)).toEqual(made.slice(0, 2));
    expect(seen[1]).toBe(made[0]);
    expect(seen[2]).toBe(made[1]);
  });

  it('warms up by whole requests until the times between tokens have settled', async () => {
    const { now, session } = fakeRun();
    const loop = new GenerationLoop({ session, now, model }, [request(4, 7)]);
    const rule = { minRuns: 1, minMs: 0, maxMs: 1e9, tolerance: 0.02 };
    // Ten gaps tell; a request has six.
    expect(await loop.warmUp(rule)).toMatchObject({ runs: 2, settled: true });
    expect(await loop.warmUp({ ...rule, minRuns: 3 })).toMatchObject({ runs: 3, settled: true });
    expect(await loop.warmUp({ ...rule, maxMs: 1 })).toMatchObject({ runs: 1, settled: false });
  });

  it('measures anew every time, and tells that others are alive after each token', async () => {
    const { now, session } = fakeRun();
    let alive = 0;
    const loop = new GenerationLoop({ session, now, model, onAlive: () => alive++ }, [request(4, 3)]);
    const rule = { minRuns: 2, minMs: 0, maxMs: 1e9, floorRuns: 2 };
    await loop.measure(rule);
    expect(alive).toBe(6);
    await loop.measure(rule);
    expect([...loop.takeTimes().gaps]).toEqual([2, 2]);
    expect(loop.takeTimes().copyMs).toBeNull();
  });
});
