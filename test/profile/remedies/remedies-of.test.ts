import { describe, expect, it } from 'vitest';
import type { RemedyAdvice } from '../../../src/profile/remedy-result.ts';
import { remedySchema } from '../../../src/profile/remedy-result.ts';
import type { Circumstances, Diagnosed } from '../../../src/profile/remedies/remedies-of.ts';
import { remediesOf } from '../../../src/profile/remedies/remedies-of.ts';
import { kernel, plain, subjectOf } from './kernels.ts';

const conv = [
  [1, 64, 56, 56],
  [64, 64, 3, 3],
] as const;
const depthwise = [
  [1, 64, 56, 56],
  [64, 1, 3, 3],
] as const;
const vectorProduct = [
  [1, 512],
  [512, 2048],
] as const;
const attention = [
  [1, 8, 128, 64],
  [1, 8, 64, 128],
] as const;

function advice(remedy: RemedyAdvice['remedy'], subject: Diagnosed, where: Partial<Circumstances> = {}) {
  const all = remediesOf(subject, { ...plain, ...where });
  for (const each of all) expect(remedySchema.parse(each)).toEqual(each);
  return all.find((each) => each.remedy === remedy);
}

describe('quantize', () => {
  it('is for layers in float32, by the operators that take the time', () => {
    const subject = subjectOf([
      kernel('Conv', { share: 0.4, inputs: conv }),
      kernel('Gemm', { share: 0.1, inputs: vectorProduct }),
      kernel('Conv', { share: 0.2, inputs: conv }),
      kernel('Softmax', { share: 0.3 }),
    ]);
    const found = advice('quantize', subject, { instructionSets: ['avx2', 'avx512_vnni'] });
    expect(found?.share).toBeCloseTo(0.7, 12);
    expect(found?.details).toMatchObject({ kernels: 3, to: 'int8', integerInstructions: true });
    expect(found?.details).toHaveProperty('operators.0.op', 'Conv');
    expect(found?.details).toHaveProperty('operators.0.share', expect.closeTo(0.6, 12));
  });

  it.each([
    ['depthwise convolutions', kernel('Conv', { share: 1, inputs: depthwise })],
    ['products inside attention', kernel('MatMul', { share: 1, inputs: attention })],
    ['layers quantized already', kernel('QLinearConv', { share: 1, inputs: conv, type: 'uint8' })],
    ['layers that only start', kernel('Gemm', { share: 1, inputs: vectorProduct, bound: 'overhead' })],
    ['a small part of the time', kernel('Conv', { share: 0.1, inputs: conv })],
  ])('is not for %s', (_, only) => {
    expect(advice('quantize', subjectOf([only]))).toBeUndefined();
  });

  it('goes for a convolution of an image with one channel', () => {
    const inputs = [
      [1, 1, 28, 28],
      [8, 1, 5, 5],
    ];
    expect(advice('quantize', subjectOf([kernel('Conv', { share: 1, inputs })]))).toBeDefined();
  });

  it('warns of processors that do not multiply bytes, where it is known', () => {
    const subject = subjectOf([kernel('Conv', { share: 1, inputs: conv })]);
    expect(advice('quantize', subject, { instructionSets: ['avx2'] })?.details).toMatchObject({
      integerInstructions: false,
    });
    expect(advice('quantize', subject)?.details).toMatchObject({ integerInstructions: null });
  });

  it('is of weights alone where reading them takes the time, and to 16-bit floats on a GPU', () => {
    const reading = kernel('MatMul', { share: 1, inputs: vectorProduct, bound: 'memory' });
    expect(advice('quantize', subjectOf([reading]))?.details).toMatchObject({ to: 'int4' });
    expect(advice('quantize', subjectOf([reading], { ep: 'cuda' }))?.details).toMatchObject({ to: 'float16' });
  });
});

describe('prune', () => {
  it('is for layers with weights, quantized and depthwise ones too', () => {
    const scale = [] as const;
    const subject = subjectOf([
      kernel('QLinearConv', { share: 0.3, inputs: [conv[0], scale, scale, conv[1]], type: 'uint8' }),
      kernel('Conv', { share: 0.2, inputs: depthwise }),
      kernel('MatMul', { share: 0.4, inputs: attention }),
    ]);
    expect(advice('prune', subject)).toMatchObject({ share: 0.5, details: { kernels: 2 } });
  });

  it('is not for a model that spends its time elsewhere', () => {
    expect(advice('prune', subjectOf([kernel('Conv', { share: 0.3, inputs: conv })]))).toBeUndefined();
  });
});

describe('batch', () => {
  const kernels = [
    kernel('Relu', { share: 0.3, bound: 'overhead' }),
    kernel('Gemm', { share: 0.2, bound: 'memory', inputs: vectorProduct }),
    kernel('Add', { share: 0.5, bound: 'memory', inputs: [[1000], [1000]] }),
  ];

  it('divides what is done once: starting and reading weights', () => {
    const found = advice('batch', subjectOf(kernels, { batch: 1 }));
    expect(found).toMatchObject({ share: 0.5, details: { batch: 1, overheadShare: 0.3, weightShare: 0.2 } });
  });

  it.each([null, 16])('is not for a batch of %s', (batch) => {
    expect(advice('batch', subjectOf(kernels, { batch }))).toBeUndefined();
  });
});

describe('threads', () => {
  const waiting = kernel('Conv', { share: 0.8, waitShare: 0.5, inputs: conv });
  const busy = kernel('Conv', { share: 0.8, waitShare: 0.1, inputs: conv });

  it('are too many where they wait', () => {
    const found = advice('fewer-threads', subjectOf([waiting], { threads: 4 }), { usableCores: 8 });
    expect(found).toEqual({ remedy: 'fewer-threads', share: 0.4, details: { threads: 4 } });
    expect(advice('fewer-threads', subjectOf([busy], { threads: 4 }))).toBeUndefined();
    expect(advice('fewer-threads', subjectOf([waiting], { threads: 1 }))).toBeUndefined();
  });

  it('are too few where cores are left for arithmetic, and never both', () => {
    const where = { usableCores: 8 };
    expect(advice('more-threads', subjectOf([busy], { threads: 4 }), where)?.details).toEqual({
      threads: 4,
      usableCores: 8,
    });
    expect(advice('more-threads', subjectOf([busy], { threads: 8 }), where)).toBeUndefined();
    expect(advice('more-threads', subjectOf([waiting], { threads: 4 }), where)).toBeUndefined();
    expect(advice('more-threads', subjectOf([busy], { ep: 'webgpu' }), where)).toBeUndefined();
  });
});

describe('other-provider', () => {
  it('is for nodes that fall back to the CPU and the copies around them', () => {
    const gpu = 'WebGpuExecutionProvider';
    const subject = subjectOf(
      [
        kernel('Conv', { share: 0.6, provider: gpu, inputs: conv }),
        kernel('NonZero', { share: 0.1 }),
        kernel('MemcpyToHost', { share: 0.2, provider: gpu, added: 'copy' }),
      ],
      { ep: 'webgpu' },
    );
    const found = advice('other-provider', subject, { otherProviders: ['cpu'] });
    expect(found?.share).toBeCloseTo(0.3, 12);
    expect(found?.details).toMatchObject({ reason: 'fallback', kernels: 1, copyShare: 0.2, providers: ['cpu'] });
    expect(
      advice('other-provider', subjectOf([kernel('Conv', { share: 1, provider: gpu })], { ep: 'webgpu' })),
    ).toBeUndefined();
  });

  it('is for arithmetic where the machine has another', () => {
    const subject = subjectOf([kernel('Conv', { share: 0.7, inputs: conv })]);
    const found = advice('other-provider', subject, { otherProviders: ['cuda'] });
    expect(found?.details).toMatchObject({ reason: 'arithmetic', providers: ['cuda'] });
    expect(advice('other-provider', subject)).toBeUndefined();
  });
});

describe('optimize', () => {
  it('is for values that are moved about, but not by the runtime itself', () => {
    const transposing = kernel('Transpose', { share: 0.2, bound: 'memory' });
    const rest = kernel('Conv', { share: 0.8 });
    expect(advice('optimize', subjectOf([transposing, rest]))).toMatchObject({
      share: 0.2,
      details: { reason: 'moves' },
    });
    expect(advice('optimize', subjectOf([{ ...transposing, added: 'layout' }, rest]))).toBeUndefined();
    expect(advice('optimize', subjectOf([rest]))).toBeUndefined();
  });

  it('says so where the runtime was told to do less than it can', () => {
    const found = advice('optimize', subjectOf([kernel('Conv', { share: 1 })]), { optimization: 'basic' });
    expect(found).toMatchObject({ share: 1, details: { reason: 'level', level: 'basic' } });
  });
});

describe('remedies', () => {
  it('come in the order of the time that they bear upon', () => {
    const subject = subjectOf(
      [
        kernel('Conv', { share: 0.5, inputs: conv, waitShare: 0.5 }),
        kernel('Transpose', { share: 0.2 }),
        kernel('LSTM', {
          share: 0.3,
          inputs: [
            [1, 1, 64],
            [1, 256, 64],
          ],
        }),
      ],
      { threads: 2 },
    );
    const found = remediesOf(subject, plain);
    expect(found.map(({ remedy }) => remedy)).toEqual(['prune', 'quantize', 'fewer-threads', 'optimize']);
  });

  it('are none for a profile without kernels', () => {
    expect(remediesOf(subjectOf([]), { ...plain, usableCores: 8, otherProviders: ['cuda'] })).toEqual([]);
  });
});
