import { describe, expect, it } from 'vitest';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { findingOf } from './finding-of.ts';
import { block, bytes, info, initializer, join, modelOf, node, number, repeated, varint } from './wire-bytes.ts';

const problemOf = (model: Uint8Array) => findingOf(() => readModelBytes(model, 'm.onnx'));

/** A node with an attribute that holds a graph of given fields. */
const nested = (...graph: Uint8Array[]) =>
  node('If', [], [], block(5, block(1, 'body'), number(20, 5), block(6, ...graph)));

describe('bytes that are no protobuf', () => {
  const tail = (...wrong: Uint8Array[]) => join(modelOf(), ...wrong);
  const group = (field: number, ...content: Uint8Array[]) =>
    join(varint(field * 8 + 3), ...content, varint(field * 8 + 4));

  it.each<[string, Uint8Array, RegExp]>([
    ['field number 0', tail(bytes(0x02, 0x00)), /no protobuf field/],
    ['a tag of six bytes', tail(bytes(0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01)), /no protobuf field/],
    ['a tag of more than 32 bits', tail(bytes(0x88, 0x80, 0x80, 0x80, 0x70, 0x01)), /no protobuf field/],
    ['a tag that is cut off', tail(bytes(0x88)), /no protobuf field/],
    ['wire type 6', tail(bytes(0x0e, 0x01)), /wire type 6/],
    ['wire type 7', tail(bytes(0x0f, 0x01)), /wire type 7/],
    ['a number that is cut off', tail(bytes(0x08, 0x80)), /cut off/],
    ['a number of eleven bytes', tail(bytes(0x08), repeated(bytes(0x80), 10), bytes(0x01)), /more than 64 bits/],
    ['a number of 65 bits', tail(bytes(0x08), repeated(bytes(0xff), 9), bytes(0x02)), /more than 64 bits/],
    ['a length of six bytes', tail(bytes(0x12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)), /length/],
    ['a length beyond the file', tail(bytes(0x12, 0x05, 0x61)), /4 more than/],
    ['a fixed64 that is cut off', tail(bytes(0x99, 0x06, 1, 2, 3)), /more than the message/],
    ['a fixed32 that is cut off', tail(bytes(0x9d, 0x06, 1)), /more than the message/],
    ['a length beyond its parent', modelOf(bytes(0x12, 0x7f)), /more than the message/],
    ['the end of a group that never began', tail(bytes(0x9c, 0x06)), /never began/],
    ['a group that never ends', tail(bytes(0x9b, 0x06, 0x08, 0x01)), /never ends/],
    ['a group that ends under another number', tail(bytes(0x9b, 0x06, 0xa4, 0x06)), /another number/],
    ['a group that reaches beyond its parent', join(modelOf(bytes(0x9b, 0x06)), bytes(0x9c, 0x06)), /never ends/],
    ['101 groups in each other', tail(repeated(bytes(0x9b, 0x06), 101), repeated(bytes(0x9c, 0x06), 101)), /nested/],
    ['a name that is not UTF-8', modelOf(block(2, bytes(0xff))), /UTF-8/],
    [
      'packed numbers that are cut off',
      modelOf(initializer('t', { type: 7, dims: [1] }, block(7, bytes(0x80)))),
      /cut off/,
    ],
    ['broken training info', tail(block(20, block(1, block(1, bytes(0x0e))))), /wire type 6/],
    ['a broken annotation', modelOf(block(14, bytes(0x0a, 0x09))), /more than the message/],
  ])('%s', (_, model, problem) => {
    expect(problemOf(model)).toMatchObject({
      code: 'model-malformed',
      details: { path: 'm.onnx', problem: expect.stringMatching(problem) },
    });
  });

  it('says where', () => {
    const model = join(modelOf(), bytes(0x0e, 0x01));
    expect(problemOf(model)).toMatchObject({ details: { offset: modelOf().length } });
    // 4 bytes opset, 2 of the version, 2 of the graph's tag and length.
    expect(problemOf(modelOf(bytes(0x0e)))).toMatchObject({ details: { offset: 8 } });
  });

  it('takes what protobuf takes: groups, unknown fields, lengths with padding, negative numbers', () => {
    const odd = join(group(99, number(1, 1), group(2)), number(98, -1), bytes(0x32, 0x81, 0x80, 0x00, 0x61));
    expect(problemOf(join(modelOf(odd), odd))).toBeNull();
    expect(problemOf(join(modelOf(), repeated(bytes(0x9b, 0x06), 100), repeated(bytes(0x9c, 0x06), 100)))).toBeNull();
  });
});

describe('graphs in each other', () => {
  const tower = (levels: number) => {
    let graph: Uint8Array[] = [];
    for (let level = 0; level < levels; level++) graph = [nested(...graph)];
    return modelOf(...graph);
  };

  it('may be 33 deep: 3 messages each, under the graph of the model', () => {
    expect(problemOf(tower(33))).toBeNull();
    expect(problemOf(tower(34))).toMatchObject({
      code: 'model-malformed',
      details: { problem: expect.stringMatching(/nested/) },
    });
    expect(problemOf(tower(5000))).toMatchObject({ code: 'model-malformed' });
  });
});

describe('a model that would fill the memory', () => {
  it.each<[string, () => Uint8Array]>([
    [
      'a million graphs of 2 bytes',
      () => node('A', [], [], block(5, block(1, 'a'), number(20, 10), repeated(block(11), 1e6))),
    ],
    ['ten million inputs of 2 bytes', () => node('A', [], [], repeated(block(1), 1e7))],
    [
      'thirty million ints of one byte',
      () => node('A', [], [], block(5, block(1, 'a'), number(20, 7), block(8, new Uint8Array(3e7)))),
    ],
    ['ten million metadata entries of 3 bytes', () => repeated(block(16), 1e7)],
    [
      'fifteen million axes of 2 bytes',
      () => block(11, block(1, 'x'), block(2, block(1, block(2, repeated(block(1), 1.5e7))))),
    ],
    ['four million strings of 2 bytes', () => initializer('s', { type: 8, dims: [4e6] }, repeated(block(6), 4e6))],
    ['a text of 130 MB', () => block(10, new Uint8Array(130 * 2 ** 20))],
  ])('%s', (_, graph) => {
    expect(problemOf(modelOf(graph()))).toMatchObject({
      code: 'model-invalid',
      details: { problem: expect.stringMatching(/fit in memory/) },
    });
  });

  it('keeps a hundred thousand unknown neighbors as one', () => {
    const unknown = repeated(number(99, 1), 1e5);
    const { graph } = readModelBytes(modelOf(unknown, info(11, 'x'), info(12, 'x')));
    expect(graph.info.unknownFields?.map(({ length }) => length)).toEqual([unknown.length]);
  });
});
