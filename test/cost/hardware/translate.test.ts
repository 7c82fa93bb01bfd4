import { describe, expect, it } from 'vitest';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import { measuredOn } from '../../../src/cost/hardware/measured-on.ts';
import { translate } from '../../../src/cost/hardware/translate.ts';
import {
  catalog,
  curveOn,
  gpuMachine,
  graviton,
  iceLake,
  instance,
  machine,
  placeOf,
  sweepOn,
} from './sketch-curve.ts';

const onIceLake = curveOn(placeOf(iceLake));

function to(name: string, curve: MeasuredCurve = onIceLake) {
  return translate(curve, instance(name), catalog);
}

describe('times on another machine', () => {
  it('are those measured where the processor is the same, in whatever size', () => {
    expect(to('c6i.xlarge')).toEqual({ basis: 'measured', reach: null, factor: 1, low: 1, high: 1, ratios: null });
    expect(to('m6i.2xlarge')).toMatchObject({ basis: 'measured' });
  });

  it('change by compute, memory and clock within an instruction set, and are told as a range', () => {
    // 92.8 and 118.4 GFLOPS, 3.2 and 4.8 GB/s a vCPU, 2.9 and 3.7 GHz.
    const ratios = { compute: 92.8 / 118.4, memory: 3.2 / 4.8, overhead: 2.9 / 3.7 };
    const factor = 0.5 * ratios.compute + 0.3 * ratios.memory + 0.2 * ratios.overhead;
    // A thread that had half a core gets a whole one there.
    const found = to('c7a.xlarge');
    expect(found).toMatchObject({ basis: 'projected', reach: 'same-isa' });
    if (found.basis === null) throw new Error('obstacle');
    expect(found.factor).toBeCloseTo(factor, 12);
    expect(found.low).toBeCloseTo(0.8 * factor, 12);
    expect(found.high).toBeCloseTo(1.25 * factor, 12);
    expect(found.ratios?.compute).toBeCloseTo(ratios.compute, 12);
    expect(found.ratios?.memory).toBeCloseTo(ratios.memory, 12);
    expect(found.ratios?.overhead).toBeCloseTo(ratios.overhead, 12);
  });

  it('go by whole cores on both sides where a thread had one', () => {
    const whole = curveOn(placeOf(iceLake, { threads: 4 }));
    const found = to('c7a.xlarge', whole);
    if (found.basis === null) throw new Error('obstacle');
    expect(found.factor).toBeCloseTo((0.5 * 2 * 92.8) / 118.4 + (0.3 * 2 * 3.2) / 4.8 + (0.2 * 2.9) / 3.7, 12);
    // Both have two threads to a core.
    const alike = to('c7i.large', whole);
    if (alike.basis === null) throw new Error('obstacle');
    expect(alike.factor).toBeCloseTo(0.5 * (92.8 / 96) + 0.3 + 0.2 * (2.9 / 3), 12);
  });

  it('go by the rate of integer products for a quantized model', () => {
    const int8 = curveOn(placeOf(iceLake), {
      work: { flop: 2e8, bytes: 4e6, isInt8: true },
      shares: { compute: 1, memory: 0, overhead: 0 },
    });
    // AMX: another class of products, though the vectors are the same.
    expect(to('c7i.large', int8)).toMatchObject({ reach: 'other-class', factor: 371.2 / 3072 });
    expect(to('c7i.large')).toMatchObject({ reach: 'same-isa' });
    // AVX2 has no products of four.
    expect(to('Standard_D8as_v5', int8)).toMatchObject({ reach: 'other-class', factor: 371.2 / 78.4 });
  });

  it('have a wide range across architectures', () => {
    const found = to('c7g.large');
    if (found.basis === null) throw new Error('obstacle');
    expect(found.reach).toBe('other-class');
    expect(found.low).toBeCloseTo(0.5 * found.factor, 12);
    expect(found.high).toBeCloseTo(2 * found.factor, 12);
    expect(to('c6i.xlarge', curveOn(placeOf(graviton, { threads: 4 })))).toMatchObject({ reach: 'other-class' });
  });

  it('range from all compute to all memory where nothing is known of the model', () => {
    const found = to('c7a.xlarge', curveOn(placeOf(iceLake), { work: null, shares: null }));
    if (found.basis === null) throw new Error('obstacle');
    const [compute, memory] = [92.8 / 118.4, 3.2 / 4.8];
    expect(found.factor).toBeCloseTo(Math.sqrt(compute * memory), 12);
    expect(found.low).toBeCloseTo(0.8 * memory, 12);
    expect(found.high).toBeCloseTo(1.25 * compute, 12);
    expect(found.ratios).toBeNull();
  });

  it('are carried over from a processor that the catalog does not know, as far', () => {
    const laptop = machine({
      model: '12th Gen Intel(R) Core(TM) i7-1260P',
      logicalCores: 8,
      physicalCores: 8,
      frequencyMhz: 3000,
      instructionSets: ['avx2', 'fma', 'avx_vnni'],
    });
    const curve = curveOn(placeOf(laptop), { shares: { compute: 1, memory: 0, overhead: 0 } });
    expect(curve.measuredOn.processor).toBeNull();
    // 32 operations a cycle of a whole core; there, both threads of one.
    expect(to('Standard_D8as_v5', curve)).toMatchObject({ reach: 'other-class', factor: 96 / (2 * 39.2) });
  });

  it('are measured where the user says what the machine was', () => {
    const anonymous = sweepOn(machine({ model: 'unknown' }));
    const named = curveOn(measuredOn(anonymous, catalog, instance('c7i.2xlarge')));
    expect(to('c7i.large', named)).toMatchObject({ basis: 'measured' });
    expect(to('c6i.xlarge', named)).toMatchObject({ basis: 'projected', reach: 'same-isa' });
    // A family whose processor the catalog does not know.
    const unknown = curveOn(measuredOn(anonymous, catalog, instance('c8i.2xlarge')));
    expect(to('c8i.2xlarge', unknown)).toMatchObject({ basis: 'measured' });
    // The processor of a machine with an accelerator.
    const beside = curveOn(measuredOn(anonymous, catalog, instance('g5.xlarge')));
    expect(to('g5.2xlarge', beside)).toMatchObject({ basis: 'measured' });
    expect(to('g6.xlarge', beside)).toMatchObject({ reach: 'accelerator' });
  });
});

describe('times on accelerators', () => {
  const onGpu = curveOn(placeOf(gpuMachine, { ep: 'cuda', threads: 1 }));

  it('are those measured on the same one, and projected to another', () => {
    expect(to('g5.4xlarge', onGpu)).toMatchObject({ basis: 'measured' });
    const factor = 0.5 * (31.5 / 30.3) + 0.3 * (600 / 300) + 0.2;
    const found = to('g6.xlarge', onGpu);
    if (found.basis === null) throw new Error('obstacle');
    expect(found).toMatchObject({ reach: 'accelerator' });
    expect(found.factor).toBeCloseTo(factor, 12);
    expect(found.high).toBeCloseTo(2 * factor, 12);
  });

  it('are longer on a share of one', () => {
    const onL4 = { ...gpuMachine, gpus: [{ name: 'NVIDIA L4', driver: null, memoryBytes: null, api: 'cuda' }] };
    const curve = curveOn(placeOf(onL4, { ep: 'cuda' }));
    expect(to('g6.xlarge', curve)).toMatchObject({ basis: 'measured' });
    // An eighth.
    const found = to('g6f.large', curve);
    if (found.basis === null) throw new Error('obstacle');
    expect(found.factor).toBeCloseTo(0.8 * 8 + 0.2, 12);
  });

  it('are far from certain where a processor was measured', () => {
    const found = to('g6.xlarge');
    if (found.basis === null) throw new Error('obstacle');
    const factor = 0.5 * ((8 * 92.8) / 30_300) + 0.3 * ((8 * 3.2) / 300) + 0.2;
    expect(found.factor).toBeCloseTo(factor, 12);
    expect([found.low / factor, found.high / factor]).toEqual([0.25, 4]);
  });

  it('take integer products as such by TensorRT alone', () => {
    const work = { flop: 2e8, bytes: 4e6, isInt8: true };
    const shares = { compute: 1, memory: 0, overhead: 0 };
    const by = (ep: string) => curveOn(placeOf(gpuMachine, { ep, threads: 1 }), { work, shares });
    expect(to('g6.xlarge', by('tensorrt'))).toMatchObject({ factor: 140 / 242 });
    expect(to('g6.xlarge', by('cuda'))).toMatchObject({ factor: 31.5 / 30.3 });
  });

  it.each([
    ['no-accelerator', 'c7i.large', onGpu],
    ['unsupported-accelerator', 'inf2.xlarge', onGpu],
    ['unsupported-accelerator', 'inf2.xlarge', onIceLake],
    ['unknown-accelerator', 'gpu_1x_a6000', onGpu],
    ['unknown-accelerator', 'gpu_1x_a6000', onIceLake],
    ['unknown-processor', 'c8i.2xlarge', onIceLake],
    ['unknown-measured-accelerator', 'g6.xlarge', curveOn(placeOf(machine({}), { ep: 'cuda' }))],
  ])('are not told where nothing is known: %s of %s', (reason, name, curve) => {
    expect(to(name, curve)).toMatchObject({
      basis: null,
      obstacle: { code: 'cost-no-projection', details: { reason, instance: instance(name).id } },
    });
  });
});

describe('every instance of the catalog', () => {
  it.each([
    ['processor', onIceLake],
    ['arm processor', curveOn(placeOf(graviton, { threads: 4 }))],
    ['accelerator', curveOn(placeOf(gpuMachine, { ep: 'cuda' }))],
  ])('has a range about a positive factor, or a reason, for a %s', (_, curve) => {
    for (const each of catalog.instances) {
      const found = translate(curve, each, catalog);
      if (found.basis === null) continue;
      expect(found.low).toBeGreaterThan(0);
      expect(found.low).toBeLessThanOrEqual(found.factor);
      expect(found.factor).toBeLessThanOrEqual(found.high);
      expect(Number.isFinite(found.high)).toBe(true);
    }
  });
});
