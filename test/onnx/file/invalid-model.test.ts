import { describe, expect, it } from 'vitest';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { findingOf } from './finding-of.ts';
import { block, bytes, info, initializer, join, modelOf, node, number } from './wire-bytes.ts';

const problemOf = (model: Uint8Array) => findingOf(() => readModelBytes(model, 'm.onnx'));
const invalid = (where: string | RegExp, problem: RegExp) => ({
  code: 'model-invalid',
  details: { path: 'm.onnx', where: expect.stringMatching(where), problem: expect.stringMatching(problem) },
});
const float = { type: 1, dims: [1] };
const one = block(4, bytes(0, 0, 128, 63));
const relu = (from: string, to: string) => node('Relu', [from], [to]);
const attribute = (...fields: Uint8Array[]) => modelOf(node('A', [], [], block(5, block(1, 'a'), ...fields)));

describe('names', () => {
  it.each<[string, Uint8Array[], string, RegExp]>([
    ['two nodes make one', [relu('x', 'y'), relu('x', 'y')], "value 'y'", /twice/],
    ['a node makes one twice', [node('Split', ['x'], ['y', 'y'])], "value 'y'", /twice/],
    ['a node makes an input', [info(11, 'y'), relu('x', 'y')], "value 'y'", /twice/],
    ['a node makes what later is an input', [relu('x', 'y'), info(11, 'y')], "value 'y'", /twice/],
    ['a node makes an initializer', [initializer('y', float, one), relu('x', 'y')], "value 'y'", /twice/],
    ['an initializer is what a node makes', [relu('x', 'y'), initializer('y', float, one)], "value 'y'", /twice/],
    ['two initializers', [initializer('y', float, one), initializer('y', float, one)], "value 'y'", /twice/],
    ['two inputs', [info(11, 'y'), info(11, 'y')], "value 'y'", /twice/],
    ['an initializer without a name', [initializer('', float, one)], '', /no name/],
    ['an input without a name', [block(11)], 'value at byte', /no name/],
    ['a reader of nothing', [relu('z', 'y')], "node '-> y'", /reads 'z', which nothing makes/],
    ['an output of nothing', [info(12, 'z')], "output 'z'", /nothing makes it/],
    ['a node without an operator', [node('', ['x'], ['y'])], "node '-> y'", /no operator/],
    ['a circle', [relu('b', 'a'), relu('a', 'b')], "node '-> [ab]'", /circle/],
    ['a node that reads itself', [relu('a', 'a')], "node '-> a'", /circle/],
  ])('%s', (_, graph, where, problem) => {
    expect(problemOf(modelOf(info(11, 'x'), ...graph))).toMatchObject(invalid(where, problem));
  });

  it('a circle through a subgraph', () => {
    const body = block(5, block(1, 'then_branch'), number(20, 5), block(6, relu('b', 'c'), info(12, 'c')));
    const model = modelOf(info(11, 'x'), node('If', ['x'], ['a'], body), relu('a', 'b'));
    expect(problemOf(model)).toMatchObject(invalid('node', /circle/));
  });

  it('a name of a subgraph, read outside', () => {
    const body = block(5, block(1, 'then_branch'), number(20, 5), block(6, relu('x', 'inner'), info(12, 'inner')));
    const model = modelOf(info(11, 'x'), node('If', ['x'], ['a'], body), relu('inner', 'b'));
    expect(problemOf(model)).toMatchObject(invalid('node', /reads 'inner'/));
  });

  it('a name of the graph, read inside a function', () => {
    const body = block(25, block(1, 'f'), block(5, 'b'), block(7, block(1, 'x'), block(2, 'b'), block(4, 'Relu')));
    expect(problemOf(join(modelOf(info(11, 'x')), body))).toMatchObject(invalid('node', /reads 'x'/));
  });
});

describe('tensors', () => {
  const fields = (...values: number[]) => block(7, Uint8Array.from(values));
  const big = 2n ** 62n;
  it.each<[string, Uint8Array, RegExp]>([
    ['a negative axis', initializer('t', { type: 1, dims: [-1] }), /negative/],
    ['axes whose product overflows', initializer('t', { type: 1, dims: [2n ** 40n, 2n ** 40n] }), /can be counted/],
    ['such axes behind a 0', initializer('t', { type: 1, dims: [0, 2n ** 40n, 2n ** 40n] }), /can be counted/],
    ['an axis of 2^62', initializer('t', { type: 1, dims: [big] }), /can be counted/],
    ['no type', initializer('t', { type: 0, dims: [] }, one), /no element type/],
    ['a type of the future', initializer('t', { type: 99, dims: [] }, one), /number 99/],
    ['no elements', initializer('t', { type: 1, dims: [3] }), /missing/],
    [
      'too few raw bytes',
      initializer('t', { type: 1, dims: [2] }, block(9, bytes(1, 2, 3, 4))),
      /8 bytes.*4 are there/,
    ],
    ['too many raw bytes', initializer('t', { type: 3, dims: [2] }, block(9, bytes(1, 2, 3))), /2 bytes.*3 are there/],
    ['raw bytes that are no whole element', initializer('t', float, block(9, bytes(1, 2, 3))), /4 bytes.*3 are there/],
    ['too few numbers', initializer('t', { type: 7, dims: [3] }, fields(1, 2)), /3 values.*2 are there/],
    [
      'too many numbers, unpacked',
      initializer('t', { type: 7, dims: [] }, number(7, 1), number(7, 2)),
      /1 values.*2 are/,
    ],
    ['numbers of another type', initializer('t', { type: 1, dims: [2] }, fields(1, 2)), /field of another type/],
    ['elements twice', initializer('t', float, one, block(9, bytes(0, 0, 0, 0))), /twice/],
    ['raw strings', initializer('t', { type: 8, dims: [1] }, block(9, bytes(1))), /field of another type/],
    ['segments', initializer('t', float, one, block(3, number(1, 0))), /segments/],
  ])('%s', (_, tensor, problem) => {
    expect(problemOf(modelOf(tensor))).toMatchObject(invalid("^tensor 't'$", problem));
  });

  it('names a nameless one by its place', () => {
    const value = block(5, block(1, 'value'), number(20, 4), block(5, number(1, -4), number(2, 1)));
    expect(problemOf(modelOf(node('Constant', [], ['c'], value)))).toMatchObject(invalid('tensor at byte', /negative/));
  });

  it('sparse ones whose parts disagree', () => {
    const values = block(1, number(1, 2), number(2, 1), block(4, new Uint8Array(8)), block(8, 's'));
    const indices = (count: number) => block(2, number(1, count), number(2, 7), block(7, new Uint8Array(count)));
    expect(problemOf(modelOf(block(15, values, indices(2), number(3, 9))))).toBeNull();
    expect(problemOf(modelOf(block(15, values, indices(3), number(3, 9))))).toMatchObject(invalid("'s'", /2 values/));
    expect(problemOf(modelOf(block(15, values, indices(2), number(3, -9))))).toMatchObject(invalid("'s'", /negative/));
    expect(problemOf(modelOf(block(15, values, values, indices(2))))).toMatchObject(invalid("'s'", /twice/));
    expect(problemOf(modelOf(block(15, indices(2))))).toMatchObject(invalid('sparse tensor at', /no values/));
  });
});

describe('attributes', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['of two values', attribute(number(20, 2), number(3, 1), block(4, 's')), /more than one value/],
    ['of another value than the type says', attribute(number(20, 2), block(4, 's')), /says int but holds string/],
    ['of no type', attribute(), /no type/],
    ['with the graph left out', attribute(number(20, 5)), /no value/],
    ['with two graphs', attribute(number(20, 5), block(6), block(6)), /more than one value/],
    ['that refer and have a value', attribute(number(20, 2), number(3, 1), block(21, 'alpha')), /more than one value/],
  ])('%s', (_, model, problem) => {
    expect(problemOf(model)).toMatchObject(invalid("^attribute 'a'$", problem));
  });

  it('given twice', () => {
    const same = block(5, block(1, 'a'), number(20, 2), number(3, 1));
    expect(problemOf(modelOf(node('A', [], ['y'], same, same)))).toMatchObject(
      invalid("node '-> y'", /'a' is given twice/),
    );
  });
});

describe('models', () => {
  const definition = block(25, block(1, 'f'), block(10, 'local'));
  it.each<[string, Uint8Array, string, RegExp]>([
    ['two graphs', join(modelOf(), block(7)), '', /two graphs/],
    ['no version', block(7), '', /no version/],
    ['one operator set in two versions', join(modelOf(), block(8, number(2, 18))), 'ai.onnx', /two versions/],
    ['a negative version', join(modelOf(), block(8, block(1, 'x'), number(2, -1))), "'x'", /no version/],
    ['a function twice', join(modelOf(), definition, definition), "function 'f'", /twice/],
    ['a function without a name', join(modelOf(), block(25, block(10, 'local'))), 'function at byte', /no name/],
    ['two types of one value', modelOf(block(11, block(1, 'x'), block(2), block(2))), "value 'x'", /twice/],
    ['two types at a time', modelOf(block(11, block(1, 'x'), block(2, block(1), block(4)))), 'type', /two types/],
  ])('%s', (_, model, where, problem) => {
    expect(problemOf(model)).toMatchObject(invalid(where, problem));
  });

  it('no graph', () => {
    expect(problemOf(number(1, 8))).toMatchObject({ code: 'model-not-onnx' });
  });
});
