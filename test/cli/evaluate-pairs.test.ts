import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { tinyTokenizer } from '../data/tiny-tokenizer.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { evaluateTrial, parseResult } from './evaluate-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let { write, evaluate } = evaluateTrial(files);
let tokenizer = '';
beforeEach(() => {
  ({ write, evaluate } = evaluateTrial(files));
  tokenizer = write('tokenizer.json', tinyTokenizer);
});

/** [UNK], [CLS] and [SEP] say nothing; hello, world and the are at right angles and between. */
const directions = [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1];

/** The mean of the directions of a text's words; the first of its two numbers as the score of a cross encoder. */
function wordsModel(output: string, numbers: 1 | 2): Uint8Array {
  const g = new GraphBuilder();
  const ids = g.input('input_ids', 'int64', ['batch', 'seq']);
  const table = g.constant('table', { type: 'float32', dims: [6, 2], data: Float32Array.from(directions) });
  const words = g.op('Gather', [table, ids]);
  const mean = g.op('ReduceMean', [words, g.constant('axes', longs([1]))], { attributes: { keepdims: 0 } });
  const bounds = [0, numbers, 1].map((value, i) => g.constant(`bound_${i}`, longs([value])));
  g.output(g.op('Slice', [mean, ...bounds]), output, tensorType('float32', ['batch', numbers]));
  return encodeModel(g.model({ opset: 18 }));
}

/** By the angle between the texts: 0, 2/sqrt(13), 1/sqrt(2), 3/sqrt(10), 1. Two labels are the wrong way round. */
const rows = [
  { text: 'hello world world the', pair: 'hello', label: 0.6 },
  { text: 'hello', pair: 'world', label: 0.1 },
  { text: 'the', pair: 'hello', label: 0.4 },
  { text: 'hello', pair: 'Hello hello', label: 0.95 },
  { text: 'hello', pair: 'hello hello the', label: 0.9 },
];
const lines = (all: readonly unknown[]) => all.map((row) => JSON.stringify(row)).join('\n');

async function run(output: string, numbers: 1 | 2, ...words: readonly string[]) {
  const model = write('words.onnx', wordsModel(output, numbers));
  const data = write('pairs.jsonl', lines(rows));
  return evaluate([model, '--data', data, '--tokenizer', tokenizer, ...words]);
}

describe('pairs of texts', () => {
  it.for([[], ['--pairs', 'separate'], ['--task', 'embedding'], ['--batch', '1']])(
    'are embedded one by one, and their cosines ranked: %j',
    async (words) => {
      const { exitCode, stdout } = await run('sentence_embedding', 2, '--json', ...words);
      expect(exitCode).toBe(0);
      // Spearman 1904: 1 - 6 * (1 + 1) / (5 * (25 - 1)).
      expect(parseResult(stdout)).toMatchObject({
        samples: 5,
        task: { name: 'embedding', output: 'sentence_embedding' },
        settings: { pairs: 'separate' },
        metrics: [{ name: 'spearman', value: { value: expect.closeTo(0.9, 12) }, samples: 5 }],
      });
    },
  );

  it('are compared with a reference in both runs', async () => {
    const reference = write('other.onnx', wordsModel('sentence_embedding', 2));
    const { stdout } = await run('sentence_embedding', 2, '--json', '--reference', reference, '--max-drop', '1pt');
    expect(parseResult(stdout)).toMatchObject({
      drop: { of: 'spearman', drop: { value: 0 } },
      // Ten texts: both of each pair.
      closeness: [{ exact: true, samples: 10 }],
    });
  });

  it('are joined for a model that gives one number, or scores', async () => {
    const alone = parseResult((await run('output', 1, '--json')).stdout);
    expect(alone).toMatchObject({ task: { name: 'regression' }, settings: { pairs: 'joint' } });
    expect(alone.metrics.map(({ name }) => name)).toEqual(['mse', 'spearman']);
    const scores = parseResult((await run('logits', 2, '--json')).stdout);
    expect(scores).toMatchObject({ task: { name: 'none' }, settings: { pairs: 'joint' } });
  });

  it('are told of', async () => {
    expect((await run('sentence_embedding', 2)).stdout).toMatch(/^Data +labeled, pairs of texts embedded one by one /m);
    expect((await run('output', 1)).stdout).toMatch(/^Data +labeled, pairs of texts joined /m);
  });

  it('apart are no task but embedding', async () => {
    expect(await run('output', 1, '--pairs', 'separate', '--task', 'regression')).toEqual(
      refused(2, /--pairs: 'separate' is not possible for the task regression/),
    );
    expect(await run('output', 1, '--pairs', 'both')).toEqual(refused(2, /--pairs.*both/));
  });

  it('that some rows lack are an error that names the row', async () => {
    const model = write('words.onnx', wordsModel('sentence_embedding', 2));
    const data = write('some.jsonl', lines([...rows, { text: 'alone', label: 1 }]));
    const words = [model, '--data', data, '--tokenizer', tokenizer];
    expect(await evaluate(words)).toEqual(refused(3, /some\.jsonl row 6.*no "pair"/));
  });

  it('may be lists of token ids', async () => {
    const model = write('words.onnx', wordsModel('sentence_embedding', 2));
    const ids = { hello: [3], world: [4], the: [5] };
    const all = [
      { ids: ids.hello, pair: ids.world, label: 0 },
      { ids: ids.hello, pair: ids.hello, label: 2 },
      { ids: ids.the, pair: ids.hello, label: 1 },
    ];
    const { exitCode, stdout } = await evaluate([model, '--data', write('ids.jsonl', lines(all)), '--json']);
    expect(exitCode).toBe(0);
    expect(parseResult(stdout).metrics).toMatchObject([{ name: 'spearman', value: { value: expect.closeTo(1, 12) } }]);
    const joint = await evaluate([model, '--data', write('ids.jsonl', lines(all)), '--pairs', 'joint']);
    expect(joint).toEqual(refused(3, /ids\.jsonl row 1.*--pairs separate/));
  });
});
