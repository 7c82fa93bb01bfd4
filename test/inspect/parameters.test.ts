import { describe, expect, it } from 'vitest';
import { findDuplicates } from '../../src/inspect/duplicates.ts';
import { constantsOf, largestConstants, parameterTotals } from '../../src/inspect/parameters.ts';
import { ModelError } from '../../src/errors.ts';
import { GraphBuilder, floats, long, longs } from '../../src/onnx/graph-builder.ts';
import { tensorOfNumbers } from '../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { SparseTensor, Tensor } from '../../src/onnx/tensor.ts';
import { Network } from './network.ts';

const ones = (count: number, value = 1) =>
  floats(
    [count],
    Array.from({ length: count }, () => value),
  );

describe('constantsOf', () => {
  it('finds initializers and Constant nodes, in subgraphs and functions too', () => {
    const g = new GraphBuilder();
    g.constant('a', ones(3));
    g.op('Constant', [], { attributes: { value: Tensor.fromDense(ones(4)) }, as: 'b' });
    const branch = g.subgraph('branch');
    branch.constant('c', ones(5));
    branch.op('Constant', [], { attributes: { value_float: 1.5 } });
    g.op('If', [g.input('x', 'bool', [])], {
      attributes: { then_branch: branch.graph, else_branch: g.subgraph('empty').graph },
    });
    const body = new GraphBuilder('body');
    body.op('Constant', [], { attributes: { value: Tensor.fromDense(ones(6)) }, as: 'd' });
    const model = g.model();
    model.setFunctions([
      {
        domain: 'own',
        name: 'F',
        overload: '',
        attributes: [],
        attributeDefaults: [],
        opsets: new Map([['', 17]]),
        body: body.graph,
        docString: '',
        metadata: [],
        unknownFields: null,
        origin: null,
      },
    ]);
    const found = [...constantsOf(model)].map(({ name, parameters }) => `${name} ${parameters}`);
    expect(found.toSorted()).toEqual(['a 3', 'b 4', 'c 5', 'd 6']);
  });
});

describe('parameterTotals', () => {
  it('counts weights apart from shapes, masks and texts, and bytes by type', () => {
    const g = new GraphBuilder();
    g.constant('w', ones(10));
    g.constant('half', tensorOfNumbers('float16', [6], [1, 2, 3, 4, 5, 6]));
    g.constant('shape', longs([1, 2, 3]));
    g.constant('mask', { type: 'bool', dims: [2], data: Uint8Array.of(0, 1) });
    g.constant('words', { type: 'string', dims: [2], data: ['ab', 'c'] });
    g.constant('nibbles', { type: 'int4', dims: [5], data: Uint8Array.of(0x21, 0x43, 0x5) });
    const values = Tensor.fromDense(ones(2));
    const indices = Tensor.fromDense(longs([0, 99]));
    g.constant('sparse', new SparseTensor({ dims: [100], values, indices }));
    const totals = parameterTotals([...constantsOf(g.model())]);
    expect(totals.parameters).toBe(10 + 6 + 5 + 2);
    expect(totals.bytes).toBe(40 + 12 + 24 + 2 + 3 + 3 + (8 + 16));
    expect(totals.byType.find(({ type }) => type === 'int4')).toEqual({
      type: 'int4',
      tensors: 1,
      elements: 5,
      bytes: 3,
    });
  });

  it('counts weights of few bits singly, as the node that reads them tells', () => {
    const g = new Network();
    const inputs = [g.input('x', 'float32', [1, 64]), g.weight([8, 2, 16], 'uint8'), g.weight([16])];
    const attributes = { K: 64, N: 8, bits: 4, block_size: 32 };
    g.op('MatMulNBits', inputs, { attributes, domain: 'com.microsoft' });
    expect(parameterTotals([...constantsOf(g.model())]).parameters).toBe(64 * 8 + 16);
  });
});

describe('largestConstants', () => {
  it('lists the largest first, equal ones by name', () => {
    const g = new GraphBuilder();
    for (const [name, count] of [
      ['b', 9],
      ['small', 1],
      ['a', 9],
      ['large', 99],
    ] as const)
      g.constant(name, ones(count));
    expect(largestConstants([...constantsOf(g.model())], 3).map(({ name }) => name)).toEqual(['large', 'a', 'b']);
  });
});

describe('findDuplicates', () => {
  it('groups constants of equal type, shape and content', () => {
    const g = new GraphBuilder();
    for (const name of ['a', 'b', 'c']) g.constant(name, ones(32));
    g.constant('other', ones(32, 2));
    g.constant('bits', { type: 'int32', dims: [32], data: new Int32Array(32).fill(1) });
    g.constant('d', ones(64));
    g.constant('e', ones(64));
    const { groups, wastedBytes, skippedBytes } = findDuplicates([...constantsOf(g.model())], 1e6);
    expect(groups.map(({ constants }) => constants.map(({ name }) => name))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    expect(wastedBytes).toBe(2 * 128 + 256);
    expect(skippedBytes).toBe(0);
  });

  it('leaves tiny constants, which are equal by nature', () => {
    const g = new GraphBuilder();
    for (const name of ['a', 'b', 'c']) g.constant(name, long(1));
    expect(findDuplicates([...constantsOf(g.model())], 1e6).groups).toEqual([]);
  });

  it('reads no more than it may, and nothing without a twin', () => {
    let bytesRead = 0;
    const stored = (elements: number) =>
      new Tensor({
        type: 'float32',
        dims: [elements],
        storage: {
          kind: 'stored',
          elements: {
            load: () => {
              bytesRead += 4 * elements;
              return new Uint8Array(4 * elements);
            },
          },
        },
      });
    const g = new GraphBuilder();
    for (const elements of [100, 100, 1000, 1000, 5000]) g.constant('w', stored(elements));
    const { groups, skippedBytes } = findDuplicates([...constantsOf(g.model())], 2000);
    expect(groups).toHaveLength(1);
    expect(skippedBytes).toBe(8000);
    // Hashed, and one compared with the other.
    expect(bytesRead).toBe(4 * 400);
  });

  it('skips what cannot be read', () => {
    const load = () => {
      throw new ModelError('model-rejected', { path: 'm.onnx', problem: 'gone' });
    };
    const gone = () => new Tensor({ type: 'float32', dims: [100], storage: { kind: 'stored', elements: { load } } });
    const g = new GraphBuilder();
    g.constant('a', gone());
    g.constant('b', gone());
    expect(findDuplicates([...constantsOf(g.model())], 1e6)).toEqual({ groups: [], wastedBytes: 0, skippedBytes: 800 });
  });
});
