import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SampleSource } from '../../src/commands/trials/sample-source.ts';
import type { SampleSet } from '../../src/commands/trials/feeds.ts';
import { openFeeds } from '../../src/commands/trials/feeds.ts';
import { writeNpz } from '../../src/data/write-npz.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';

const files = temporaryFolder();
afterAll(files.remove);

const source: Omit<SampleSource, 'path' | 'samples'> = {
  batch: null,
  batchDimension: undefined,
  dims: {},
  shapes: {},
  values: {},
  preprocess: null,
  pairs: null,
  tokenizer: null,
};

const task = { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null };

/** Feeds of a model that hands its input on, with as many samples as there are: each holds its own index. */
async function feedsOf(count: number, samples: number | null, seed = 0) {
  const g = new GraphBuilder();
  g.output(g.op('Identity', [g.input('x', 'float32', ['n', 1])]), 'y', tensorType('float32', ['n', 1]));
  const model = g.model();
  const modelPath = join(files.folder, 'identity.onnx');
  writeFileSync(modelPath, encodeModel(model));
  const path = join(files.folder, `${count}.npz`);
  await writeNpz(path, {
    x: { type: 'float32', dims: [count, 1], data: Float32Array.from({ length: count }, (_, i) => i) },
  });
  const loaded = await inProcessRunner().load({ path: modelPath });
  const request = { modelPath, data: { ...source, path, samples }, task, seed };
  return openFeeds({ request, model, loaded });
}

/** What is in the samples of a set, in their order. */
async function numbersIn(set: SampleSet): Promise<readonly number[]> {
  const numbers: number[] = [];
  for await (const { feeds } of set.batches())
    numbers.push(...Array.from<unknown, number>(feeds['x']?.data ?? [], Number));
  return numbers;
}

const inOrder = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

describe('openFeeds', () => {
  it.each([
    { count: 1000, samples: null, calibrate: 300, judge: 700, held: true },
    { count: 600, samples: null, calibrate: 300, judge: 300, held: true },
    { count: 599, samples: null, calibrate: 300, judge: 599, held: false },
    { count: 10, samples: null, calibrate: 10, judge: 10, held: false },
    { count: 2500, samples: 1000, calibrate: 1000, judge: 1000, held: true },
    { count: 1000, samples: 1000, calibrate: 1000, judge: 1000, held: false },
    { count: 1200, samples: 1000, calibrate: 1000, judge: 1200, held: false },
    { count: 100, samples: 1000, calibrate: 100, judge: 100, held: false },
  ])('of $count with --samples $samples: $calibrate calibrate, $judge judge', async (wanted) => {
    const feeds = await feedsOf(wanted.count, wanted.samples);
    try {
      expect([feeds.calibration.samples, feeds.evaluation.samples]).toEqual([wanted.calibrate, wanted.judge]);
      const [calibrating, judging] = [await numbersIn(feeds.calibration), await numbersIn(feeds.evaluation)];
      expect([new Set(calibrating).size, new Set(judging).size]).toEqual([wanted.calibrate, wanted.judge]);
      const both = judging.filter((number) => calibrating.includes(number));
      expect(both).toHaveLength(wanted.held ? 0 : wanted.calibrate);
      const used = new Set([...calibrating, ...judging]);
      expect(used.size).toBe(wanted.held ? wanted.calibrate + wanted.judge : wanted.judge);
    } finally {
      await feeds.close();
    }
  });

  it('chooses by the seed, and fewer from among those of more', async () => {
    const calibrating = async (samples: number, seed: number) => {
      const feeds = await feedsOf(200, samples, seed);
      const numbers = await numbersIn(feeds.calibration);
      await feeds.close();
      return numbers;
    };
    const many = await calibrating(60, 1);
    expect(await calibrating(60, 1)).toEqual(many);
    expect(await calibrating(60, 2)).not.toEqual(many);
    expect(many.slice(0, 20)).toEqual(await calibrating(20, 1));
    expect(inOrder(many)).not.toEqual(many);
  });
});
