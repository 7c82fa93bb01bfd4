import { describe, expect, it } from 'vitest';
import { compareProfiles, comparisonWarnings } from '../../src/profile/compare-profiles.ts';
import type { ProfiledNode, ProfileSubject } from '../../src/profile/profile-result.ts';
import { fullCase } from '../report/profile-cases.ts';

/** Nodes told as `name:Op`, the nth of them taking n ms. */
function nodes(...told: readonly string[]): { readonly nodes: ProfiledNode[] } {
  const usual = { provider: null, fate: 'ran', kernels: [], share: 0, macs: null, bytes: null, bound: null } as const;
  return {
    nodes: told.map((text, at) => {
      const [name = '', op = ''] = text.split(':');
      return { ...usual, kernels: [], name, op, timeMs: at + 1 };
    }),
  };
}

const pairsOf = (first: ReturnType<typeof nodes>, other: ReturnType<typeof nodes>) =>
  compareProfiles(first, other).pairs.map((pair) => [pair.first, pair.other]);

describe('compareProfiles', () => {
  it('pairs nodes of the same name, in whatever order they are', () => {
    const first = nodes('a:Conv', 'b:Relu', 'c:Gemm');
    const other = nodes('c:Gemm', 'a:Conv', 'b:Relu');
    expect(compareProfiles(first, other)).toEqual({
      pairs: [
        { first: 0, other: 1, timeMs: 1, otherMs: 2 },
        { first: 1, other: 2, timeMs: 2, otherMs: 3 },
        { first: 2, other: 0, timeMs: 3, otherMs: 1 },
      ],
      matched: 1,
    });
  });

  it('takes a quantized or fused operator for the same work', () => {
    const first = nodes('a:Conv', 'b:Gemm', 'c:MatMul', 'd:MatMul');
    const other = nodes('a:QLinearConv', 'b:QGemm', 'c:MatMulNBits', 'd:DynamicQuantizeMatMul');
    expect(compareProfiles(first, other).matched).toBe(1);
  });

  it('does not take a name alone for the same work', () => {
    expect(pairsOf(nodes('n_1:Conv'), nodes('n_1:Softmax'))).toEqual([
      [0, null],
      [null, 0],
    ]);
  });

  it('pairs the nth of a name that several have with the nth', () => {
    expect(pairsOf(nodes('a:Relu', 'a:Relu'), nodes('a:Relu', 'a:Relu', 'a:Relu'))).toEqual([
      [0, 0],
      [1, 1],
      [null, 2],
    ]);
  });

  it('pairs renamed nodes by operator and place', () => {
    const first = nodes('in:Conv', 'x:Relu', 'y:Conv', 'z:Relu', 'out:Gemm');
    const other = nodes('in:Conv', 'r0:Relu', 'c1:FusedConv', 'r1:Relu', 'q:QuantizeLinear', 'out:Gemm');
    expect(pairsOf(first, other)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 5],
      [null, 4],
    ]);
  });

  it('leaves renamed nodes alone where the two sides have not as many', () => {
    expect(pairsOf(nodes('in:Conv', 'x:Relu'), nodes('in:Conv', 'r0:Relu', 'r1:Relu'))).toEqual([
      [0, 0],
      [1, null],
      [null, 1],
      [null, 2],
    ]);
  });

  it('has nothing to pair where there are no nodes', () => {
    expect(compareProfiles(nodes(), nodes())).toEqual({ pairs: [], matched: 0 });
    expect(compareProfiles(nodes('a:Conv'), nodes()).pairs).toEqual([{ first: 0, other: null, timeMs: 1, otherMs: 0 }]);
  });

  it('takes a thousand nodes of one name in no time that grows with their square', () => {
    const many = nodes(...Array.from({ length: 20_000 }, (_, at) => `${at % 2}:Relu`));
    expect(compareProfiles(many, many).matched).toBe(1);
  });
});

describe('comparisonWarnings', () => {
  const subject = (path: string, of: ReturnType<typeof nodes>): ProfileSubject => ({
    ...fullCase(),
    model: { path, sha256: '', sizeBytes: 1 },
    ...of,
  });
  const warningsOf = (first: ReturnType<typeof nodes>, other: ReturnType<typeof nodes>) =>
    comparisonWarnings(subject('a.onnx', first), subject('b.onnx', other), compareProfiles(first, other));

  it('says that two models have nothing to do with one another', () => {
    const cnn = nodes('a:Conv', 'b:Conv', 'c:Relu', 'd:Softmax');
    const transformer = nodes('e:MatMul', 'f:Erf', 'g:LayerNormalization', 'h:Softmax');
    expect(warningsOf(cnn, transformer)).toEqual([
      { code: 'models-unrelated', details: { model: 'a.onnx', other: 'b.onnx', pairs: 1, nodes: 4 } },
    ]);
  });

  it('takes a model with quantizers around its nodes for a variant', () => {
    const float = nodes('a:Conv', 'b:Conv');
    const quantized = nodes(
      'q0:QuantizeLinear',
      'd0:DequantizeLinear',
      'a:Conv',
      'q1:QuantizeLinear',
      'd1:DequantizeLinear',
      'b:Conv',
    );
    expect(warningsOf(float, quantized)).toEqual([]);
    expect(warningsOf(nodes(), float)).toEqual([]);
  });
});
