import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { Graph } from '../../../src/onnx/graph.ts';
import type { ByteSource } from '../../../src/onnx/origin.ts';
import { sortTopologically } from '../../../src/onnx/sort.ts';
import { block, bytes, info, initializer, join, modelOf, node, number } from './wire-bytes.ts';

const read = (...graph: Uint8Array[]) => readModelBytes(modelOf(...graph)).graph;
const relu = (from: string, to: string) => node('Relu', [from], [to]);
const float = { type: 1, dims: [1] };
const one = block(4, bytes(0, 0, 128, 63));
const edges = (graph: Graph) =>
  [...graph.nodes()].map(({ op, inputs, outputs }) => [
    op,
    inputs.map((value) => value?.name ?? null),
    outputs.map((value) => value?.name ?? null),
  ]);
const typed = (field: 11 | 12 | 13, name: string, type: Uint8Array) => block(field, block(1, name), block(2, type));
const vector = (...dim: Uint8Array[]) => block(1, number(1, 1), block(2, block(1, ...dim)));

describe('edges', () => {
  it('keeps places, left out ones too', () => {
    const graph = read(info(11, 'x'), node('Clip', ['x', '', 'x'], ['', 'y']), info(12, 'y'));
    expect(edges(graph)).toEqual([['Clip', ['x', null, 'x'], [null, 'y']]]);
    expect(graph.outputs).toEqual([graph.firstNode?.output(1)]);
    expect(graph.inputs[0]?.useCount).toBe(2);
  });

  it('takes nodes in any order', () => {
    const model = readModelBytes(modelOf(relu('a', 'b'), relu('x', 'a'), info(11, 'x'), info(12, 'b')));
    expect(edges(model.graph)).toEqual([
      ['Relu', ['a'], ['b']],
      ['Relu', ['x'], ['a']],
    ]);
    expect(sortTopologically(model.graph)).toBe(true);
    checkGraph(model);
  });

  it('joins an initializer and the input it is the default of, whichever comes first', () => {
    for (const order of [
      [info(11, 'w'), initializer('w', float, one)],
      [initializer('w', float, one), info(11, 'w')],
    ]) {
      const [value] = read(...order).inputs;
      expect(value).toMatchObject({ isInput: true, isInitializer: true });
    }
  });

  it('follows captures to the nearest graph, also to values that come later', () => {
    const inner = block(6, relu('x', 'a'), node('Add', ['a', 'late'], ['b']), info(12, 'b'));
    const outer = block(
      6,
      relu('x', 'x2'),
      node('If', ['x2'], ['c'], block(5, block(1, 'then_branch'), number(20, 5), inner)),
      info(12, 'c'),
    );
    const model = readModelBytes(
      modelOf(
        info(11, 'x'),
        node('If', ['x', 'late'], ['a'], block(5, block(1, 'then_branch'), number(20, 5), outer)),
        initializer('late', float, one),
        info(12, 'a'),
      ),
    );
    checkGraph(model);
    const [body] = model.graph.firstNode?.subgraphs ?? [];
    const [innermost] = body?.lastNode?.subgraphs ?? [];
    expect(innermost?.firstNode?.input(0)).toBe(model.graph.inputs[0]);
    expect(innermost?.lastNode?.input(0)?.graph).toBe(innermost);
    expect(innermost?.lastNode?.input(1)?.graph).toBe(model.graph);
  });

  it('reads functions, with references to their attributes', () => {
    const reference = block(5, block(1, 'alpha'), number(20, 1), block(21, 'slope'));
    const body = block(7, block(1, 'a'), block(2, 'b'), block(4, 'LeakyRelu'), reference);
    const definition = block(
      25,
      block(1, 'f'),
      block(4, 'a'),
      block(5, 'b'),
      block(6, 'slope'),
      body,
      block(10, 'local'),
      block(12, block(1, 'a'), block(2, vector(block(2, 'n')))),
    );
    const [found] = readModelBytes(join(modelOf(), definition)).functions;
    expect(found).toMatchObject({ name: 'f', domain: 'local', attributes: ['slope'] });
    expect(found?.body.firstNode?.attributes.get('alpha')).toEqual({
      kind: 'reference',
      name: 'alpha',
      value: 'slope',
      type: 1,
    });
    expect(found?.body.inputs[0]?.declaredType).toEqual({ kind: 'tensor', elementType: 'float32', shape: ['n'] });
    expect(found?.body.origin).toBe(found?.origin);
  });
});

describe('types', () => {
  it.each([
    ['a length', vector(number(1, 7)), { kind: 'tensor', elementType: 'float32', shape: [7] }, false],
    ['a name', vector(block(2, 'batch')), { kind: 'tensor', elementType: 'float32', shape: ['batch'] }, false],
    ['nothing', vector(), { kind: 'tensor', elementType: 'float32', shape: [null] }, false],
    ['-1', vector(number(1, -1)), { kind: 'tensor', elementType: 'float32', shape: [null] }, true],
    ['an empty name', vector(block(2)), { kind: 'tensor', elementType: 'float32', shape: [null] }, true],
    [
      'a denotation',
      vector(number(1, 3), block(3, 'DATA_BATCH')),
      { kind: 'tensor', elementType: 'float32', shape: [3] },
      true,
    ],
    ['no shape', block(1, number(1, 7)), { kind: 'tensor', elementType: 'int64', shape: null }, false],
    ['an unknown type', block(1, number(1, 77)), { kind: 'tensor', elementType: null, shape: null }, true],
    ['sparse', block(8, number(1, 1)), { kind: 'sparse-tensor', elementType: 'float32', shape: null }, false],
    [
      'sequence',
      block(4, block(1, block(1, number(1, 8)))),
      { kind: 'sequence', element: { kind: 'tensor', elementType: 'string', shape: null } },
      false,
    ],
    ['optional of nothing', block(9), { kind: 'optional', element: null }, false],
    [
      'map',
      block(5, number(1, 7), block(2, block(1, number(1, 1)))),
      { kind: 'map', keyType: 'int64', element: { kind: 'tensor', elementType: 'float32', shape: null } },
      false,
    ],
    ['opaque', block(7, block(1, 'd')), { kind: 'opaque' }, true],
  ])('%s', (_, type, expected, isKept) => {
    const [input] = read(typed(11, 'x', type)).inputs;
    expect(input?.type).toEqual(expected);
    expect(input?.info.rawType?.bytes ?? null).toEqual(isKept ? type : null);
  });

  it('describes values by name, and keeps what it says of others', () => {
    const stray = typed(13, 'gone', vector(number(1, 9)));
    const graph = read(
      info(11, 'x'),
      relu('x', 'y'),
      stray,
      typed(13, 'y', vector(number(1, 4))),
      relu('y', 'z'),
      info(12, 'z'),
    );
    expect(graph.firstNode?.output(0)?.declaredType).toMatchObject({ shape: [4] });
    expect(graph.info.unknownFields).toEqual([stray]);
  });
});

describe('origins', () => {
  it('are the bytes that each part was read from', () => {
    const first = relu('x', 'y');
    const weight = initializer('w', float, one);
    const bytes = modelOf(first, weight, info(11, 'x'), info(12, 'y'));
    const model = readModelBytes(bytes);
    const content = (part: { source: ByteSource; offset: number; length: number } | null | undefined) =>
      part ? [...part.source.read(part.offset, part.length)] : null;
    const [initial] = model.graph.initializers;
    expect(content(model.origin)).toEqual([...bytes]);
    expect(content(model.graph.firstNode?.origin)).toEqual(Array.from(first).slice(2));
    expect(content(initial?.tensor?.origin)).toEqual(Array.from(weight).slice(2));
    expect(content(model.graph.inputs[0]?.infoOrigin)).toEqual(Array.from(info(11, 'x')).slice(2));
    expect(model.graph.origin?.length).toBe(bytes.length - 8);
  });

  it('unknown fields, training info and odd texts stay as bytes', () => {
    const training = block(20, block(4, block(1, 'k'), block(2, 'v')));
    const odd = block(14, block(1, 'k'), number(9, 9));
    const latin1 = block(6, bytes(0xe9));
    const { unknownFields, metadata } = readModelBytes(
      join(modelOf(), training, odd, block(14, block(1, 'a')), latin1),
    );
    expect(unknownFields).toEqual([join(training, odd), latin1]);
    expect(metadata).toEqual([{ key: 'a', value: '' }]);
  });
});
