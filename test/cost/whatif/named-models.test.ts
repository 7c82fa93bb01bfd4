import { describe, expect, it } from 'vitest';
import { namedModels } from '../../../src/cost/whatif/named-models.ts';

const models = [
  { label: 'fp32/cnn.onnx', path: '/models/fp32/cnn.onnx' },
  { label: 'int8/cnn.onnx', path: '/models/int8/cnn.onnx' },
  { label: 'mlp.onnx', path: './mlp.onnx' },
];

describe('namedModels', () => {
  it.each([
    ['/models/int8/cnn.onnx', [1]],
    ['int8/cnn.onnx', [1]],
    ['int8/cnn', [1]],
    ['mlp', [2]],
    ['./mlp.onnx', [2]],
    ['cnn', [0, 1]],
    ['nn', []],
    ['other/mlp.onnx', []],
  ])('%s', (name, found) => {
    expect(namedModels(name, models)).toEqual(found);
  });
});
