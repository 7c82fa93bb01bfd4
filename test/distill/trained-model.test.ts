import { describe, expect, it } from 'vitest';
import { writableNames, writeWeights } from '../../src/distill/trained-model.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

/** y = x·w·c, w an initializer and c the output of a Constant node. */
function model() {
  const g = new GraphBuilder('named graph');
  const c = g.op('Constant', [], {
    attributes: { value: Tensor.fromDense(floats([2], [5, 6])) },
    as: 'c',
    name: 'const',
  });
  const few = g.op('Constant', [], { attributes: { value_floats: { floats: [1, 2] } }, as: 'few' });
  const x = g.input('x', 'float32', ['batch', 2]);
  const scaled = g.op('Mul', [g.op('Mul', [x, g.constant('w', floats([2], [3, 4]))]), c]);
  g.output(g.op('Add', [scaled, few]), 'y', tensorType('float32', ['batch', 2]));
  const made = g.model({ opset: 13 });
  made.setMetadata([
    { key: 'author', value: 'somebody' },
    { key: 'note', value: 'an older one' },
  ]);
  return made;
}

const note = { key: 'note', value: 'how it was made' };

function opened(bytes: Uint8Array) {
  const files = temporaryFolder();
  const read = openModel(files.write('m.onnx', bytes));
  files.remove();
  return read.model;
}

describe('trained weights', () => {
  it('are written over initializers and Constant nodes, and nothing else changes', () => {
    const before = encodeModel(model());
    const student = opened(before);
    writeWeights(student, { w: floats([2], [-1, -2]), c: floats([2], [7, 8]) }, note);
    const after = encodeModel(student);
    const expected = model();
    for (const value of expected.graph.initializers) value.setTensor(Tensor.fromDense(floats([2], [-1, -2])));
    const constant = [...expected.graph.nodes()].find(({ name }) => name === 'const');
    constant?.setAttribute({ name: 'value', kind: 'tensor', value: Tensor.fromDense(floats([2], [7, 8])) });
    expected.setMetadata([{ key: 'author', value: 'somebody' }, note]);
    expect(Buffer.from(after).equals(Buffer.from(encodeModel(expected)))).toBe(true);
    expect(Buffer.from(after).equals(Buffer.from(before))).toBe(false);
  });

  it('have a place or are a bug', () => {
    expect(() => writeWeights(model(), { nowhere: floats([1], [0]) }, note)).toThrow("no 'nowhere'");
    expect([...writableNames(model())].toSorted()).toEqual(['c', 'w']);
  });
});
