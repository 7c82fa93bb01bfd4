import { describe, expect, it } from 'vitest';
import type { Label } from '../../src/data/dataset.ts';
import { chooseOutput } from '../../src/evaluate/choose-output.ts';
import { checkTask, guessTask } from '../../src/evaluate/guess-task.ts';
import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { floats, long, longs } from '../../src/onnx/graph-builder.ts';
import { classes, ids, matrix, rowsOfTensor } from './tensors.ts';

interface Case {
  readonly output?: string;
  readonly tensor: DenseTensor;
  readonly labels?: readonly Label[] | null;
  readonly feeds?: NamedTensors;
  readonly isPaired?: boolean;
}

function evidence({ output = 'y', tensor, labels = null, feeds = {}, isPaired = false }: Case) {
  return { output, rows: rowsOfTensor(tensor), feeds, labels, isPaired };
}

const zeros = (...dims: readonly number[]): DenseTensor =>
  floats(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, at) => at),
  );

describe('guessTask', () => {
  it.each<[string, string, Case]>([
    ['classification', 'class-labels', { tensor: zeros(2, 10), labels: classes(3, 9) }],
    ['classification', 'class-labels', { tensor: zeros(2, 10, 1, 1), labels: classes(3, 9) }],
    ['classification', 'class-labels', { tensor: longs([1, 2]), labels: classes(1, 2) }],
    ['classification', 'class-labels', { tensor: zeros(2, 10), labels: [floats([], [3]), floats([], [9])] }],
    ['none', 'nothing-fits', { tensor: zeros(2, 10), labels: [floats([], [3]), floats([], [0.5])] }],
    ['binary', 'binary-labels', { tensor: zeros(2, 1), labels: classes(1, 0) }],
    ['regression', 'number-labels', { tensor: zeros(2, 1), labels: classes(7, 0) }],
    ['regression', 'number-labels', { tensor: zeros(2, 1), labels: [floats([], [0.5]), floats([], [1])] }],
    ['regression', 'tensor-labels', { tensor: zeros(2, 3), labels: [zeros(3), zeros(3)] }],
    ['ctc', 'sequence-labels', { tensor: zeros(2, 6, 5), labels: [longs([1, 2]), longs([4])] }],
    ['ctc', 'text-labels', { tensor: zeros(2, 6, 5), labels: ['ab', 'c'] }],
    ['embedding', 'pair-labels', { tensor: zeros(2, 8), labels: classes(1, 5), isPaired: true }],
    ['none', 'nothing-fits', { tensor: zeros(2, 8), labels: ['a', 'b'] }],
    ['none', 'nothing-fits', { tensor: zeros(2, 8), labels: [zeros(3), zeros(3)] }],
    [
      'language-model',
      'token-logits',
      {
        tensor: zeros(2, 4, 9),
        feeds: {
          input_ids: ids([
            [1, 2, 3, 4],
            [5, 6, 7, 8],
          ]),
        },
      },
    ],
    [
      'embedding',
      'output-name',
      { output: 'last_hidden_state', tensor: zeros(1, 2, 9), feeds: { input_ids: ids([[1, 2]]) } },
    ],
    [
      'embedding',
      'unit-vectors',
      {
        tensor: matrix([
          [0.6, -0.8],
          [1, 0],
        ]),
      },
    ],
    [
      'classification',
      'probabilities',
      {
        tensor: matrix([
          [0.25, 0.75],
          [1, 0],
        ]),
      },
    ],
    ['classification', 'class-scores', { tensor: zeros(2, 10) }],
    ['ctc', 'probabilities', { tensor: floats([1, 2, 2], [0.5, 0.5, 0.1, 0.9]) }],
    ['binary', 'single-column', { tensor: matrix([[0.2], [0.9]]) }],
    ['regression', 'single-column', { tensor: matrix([[0.2], [9]]) }],
    ['none', 'nothing-fits', { tensor: zeros(1, 3, 4, 4) }],
  ])('finds %s by %s', (name, reason, found) => {
    expect(guessTask(evidence(found))).toEqual({ name, reason });
  });

  it('does not take a masked language model for one that predicts the next token', () => {
    const feeds = { input_ids: ids([[1, 2]]), token_type_ids: ids([[0, 0]]) };
    expect(guessTask(evidence({ tensor: zeros(1, 2, 9), feeds })).name).toBe('none');
  });
});

describe('checkTask', () => {
  it.each<['classification' | 'binary' | 'ctc' | 'language-model', DenseTensor]>([
    ['classification', zeros(1, 3, 4)],
    ['binary', zeros(1, 3)],
    ['ctc', zeros(1, 3)],
    ['language-model', zeros(1, 3, 4)],
  ])('refuses %s for an output of another shape', (name, tensor) => {
    expect(() => checkTask(name, evidence({ tensor }))).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('accepts what fits', () => {
    expect(() => checkTask('classification', evidence({ tensor: zeros(1, 3) }))).not.toThrow();
  });
});

describe('chooseOutput', () => {
  const y = long(0);
  const choose = (names: readonly string[], more: { asked?: string | null; needed?: boolean } = {}) =>
    chooseOutput({
      model: 'm.onnx',
      outputs: Object.fromEntries(names.map((name) => [name, y])),
      asked: null,
      needed: true,
      ...more,
    });

  it('takes the only one, the one that is no state, or the one with a name for it', () => {
    expect(choose(['z'])).toBe('z');
    expect(choose(['output', 'stateN'])).toBe('output');
    expect(choose(['present.0.key', 'logits', 'present.0.value'])).toBe('logits');
    expect(choose(['boxes', 'logits'])).toBe('logits');
    expect(choose(['last_hidden_state'])).toBe('last_hidden_state');
  });

  it('takes the one that is asked for, and only one that is there', () => {
    expect(choose(['a', 'b'], { asked: 'b' })).toBe('b');
    expect(() => choose(['a', 'b'], { asked: 'c' })).toThrow(expect.objectContaining({ code: 'unknown-name' }));
  });

  it('takes an output of text only where something must be scored, so that it can be named', () => {
    const outputs = { words: { type: 'string' } } as const;
    expect(chooseOutput({ model: 'm.onnx', outputs, asked: null, needed: false })).toBeNull();
    expect(chooseOutput({ model: 'm.onnx', outputs, asked: null, needed: true })).toBe('words');
  });

  it('asks where it is not clear, if it matters', () => {
    expect(() => choose(['a', 'b'])).toThrow(expect.objectContaining({ code: 'output-unclear' }));
    expect(choose(['a', 'b'], { needed: false })).toBeNull();
  });
});
