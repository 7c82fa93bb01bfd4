import { describe, expect, it } from 'vitest';
import { hadHardwareThreads, vcpusPerThread } from '../../../src/cost/hardware/thread-cores.ts';
import { catalog, graviton, iceLake, machine, placeOf } from './sketch-curve.ts';

function processor(id: string | null) {
  return catalog.processors.find((each) => each.id === id) ?? null;
}

const cloudVm = machine({ model: 'AMD EPYC', logicalCores: 2, physicalCores: 2 });
const workstation = machine({ model: 'Intel(R) Core(TM) i7-9700', logicalCores: 8, physicalCores: 8 });
const server = machine({ model: 'AMD EPYC 7543', logicalCores: 64, physicalCores: 64 });
const laptop = machine({ model: 'AMD Ryzen 7 5800U', logicalCores: 16, physicalCores: 8 });

describe('what a measured thread had', () => {
  it.each([
    ['half a core, with more threads than cores', iceLake, 8, 1, true],
    ['a whole core, with as many threads as cores', iceLake, 4, 1, false],
    ['half a core, with as many threads on each of two instances', iceLake, 4, 2, true],
    ['half a core in a container', { ...iceLake, container: 'docker' }, 2, 1, true],
    ['half a core where cores are not told', machine({ model: iceLake.cpu.model, physicalCores: null }), 1, 1, true],
    ['half a core of a virtual machine that shows threads as cores', cloudVm, 2, 1, true],
    ['a whole core of a processor with one thread each', graviton, 4, 1, false],
    ['a whole core of a workstation', workstation, 8, 1, false],
    ['a whole core of a server with one thread each', server, 64, 1, false],
    ['half a core of a laptop', laptop, 16, 1, true],
  ])('%s', (_, environment, threads, instances, expected) => {
    const on = placeOf(environment, { threads, instances });
    expect(hadHardwareThreads(on, processor(on.processor))).toBe(expected);
  });

  it('takes two vCPUs where it was a whole core and they are half of one', () => {
    const target = processor('xeon-8488c');
    const half = placeOf(iceLake, { threads: 8 });
    const whole = placeOf(iceLake, { threads: 4 });
    const arm = placeOf(graviton, { threads: 4 });
    expect(vcpusPerThread(half, processor(half.processor), target)).toBe(1);
    expect(vcpusPerThread(whole, processor(whole.processor), target)).toBe(2);
    expect(vcpusPerThread(arm, processor(arm.processor), target)).toBe(2);
    expect(vcpusPerThread(whole, processor(whole.processor), processor('graviton3'))).toBe(1);
  });
});
