import { describe, expect, it } from 'vitest';
import type { MeasuredCurve } from '../../../src/cost/fleet/measured-curve.ts';
import { placeReplicas } from '../../../src/cost/hardware/place-replicas.ts';
import { catalog, curveOn, gpuMachine, graviton, iceLake, instance, placeOf } from './sketch-curve.ts';

const gib = 1024 ** 3;

function on(name: string, curve: MeasuredCurve) {
  return placeReplicas(curve, instance(name), catalog);
}

describe('replicas on a machine', () => {
  it('are as many as have vCPUs for their threads', () => {
    const half = curveOn(placeOf(iceLake, { threads: 2, instances: 4 }));
    expect(on('c6i.2xlarge', half)).toEqual({ replicas: 4, limitedBy: 'vcpus', obstacle: null });
    const whole = curveOn(placeOf(iceLake, { threads: 2 }));
    expect(on('c6i.2xlarge', whole)).toMatchObject({ replicas: 2 });
    const arm = curveOn(placeOf(graviton, { threads: 2 }));
    expect(on('c7g.2xlarge', arm)).toMatchObject({ replicas: 4 });
    expect(on('c6i.2xlarge', arm)).toMatchObject({ replicas: 2 });
  });

  it('are as many as have memory, less what the system takes', () => {
    // 16 GiB of which half of one is the system's.
    const measured = curveOn(placeOf(iceLake, { threads: 1, instances: 8 }), { peakRssBytes: 5 * gib });
    expect(on('c6i.2xlarge', measured)).toEqual({ replicas: 3, limitedBy: 'memory', obstacle: null });
    const guessed = curveOn(placeOf(iceLake, { threads: 1, instances: 8 }), { modelBytes: gib });
    expect(on('c6i.2xlarge', guessed)).toMatchObject({ replicas: Math.floor(15.5 / (3 + 200 / 1024)) });
  });

  it('are one to an accelerator', () => {
    const curve = curveOn(placeOf(gpuMachine, { ep: 'cuda', threads: 4 }));
    expect(on('g5.xlarge', curve)).toEqual({ replicas: 1, limitedBy: 'accelerators', obstacle: null });
    expect(on('p4d.24xlarge', curve)).toMatchObject({ replicas: 8 });
    expect(on('g6f.large', curve)).toMatchObject({ replicas: 1 });
    // Those of a model that was measured on a processor too.
    expect(on('p4d.24xlarge', curveOn(placeOf(iceLake)))).toMatchObject({ replicas: 8, limitedBy: 'accelerators' });
  });

  it('are none where one does not fit, which is told', () => {
    const misfit = (name: string, curve: MeasuredCurve) => on(name, curve).obstacle;
    expect(misfit('c6i.xlarge', curveOn(placeOf(iceLake)))).toEqual({
      code: 'cost-does-not-fit',
      details: { instance: 'aws/us-east-1/c6i.xlarge', what: 'vcpus', needed: 8, available: 4 },
    });
    const large = curveOn(placeOf(iceLake), { peakRssBytes: 16 * gib });
    expect(misfit('c6i.2xlarge', large)).toMatchObject({
      details: { what: 'memory', needed: 16 * gib, available: 15.5 * gib },
    });
    const onGpu = placeOf(gpuMachine, { ep: 'cuda' });
    expect(misfit('g5.xlarge', curveOn(onGpu, { modelBytes: 10 * gib }))).toMatchObject({
      details: { what: 'accelerator-memory' },
    });
    expect(misfit('g5.xlarge', curveOn(onGpu, { peakRssBytes: 20 * gib }))).toMatchObject({
      details: { what: 'memory' },
    });
  });
});
