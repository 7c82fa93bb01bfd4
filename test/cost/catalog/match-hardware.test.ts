import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { matchAccelerator } from '../../../src/cost/catalog/match-accelerator.ts';
import { matchProcessor } from '../../../src/cost/catalog/match-processor.ts';

const catalog = loadCatalog();

describe('matchProcessor', () => {
  // As /proc/cpuinfo of such machines has it; Arm's has a part number, of which the core's name is made.
  it.each([
    ['Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz', 8, 4, 'xeon-8375c'],
    ['Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz', 8, 4, 'xeon-8370c'],
    ['Intel(R) Xeon(R) Platinum 8488C', 8, 4, 'xeon-8488c'],
    ['Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz', 8, 4, 'xeon-8488c'],
    ['Intel(R) Xeon(R) Platinum 8480+', 224, 112, 'xeon-8488c'],
    ['INTEL(R) XEON(R) PLATINUM 8573C', 8, 4, 'xeon-emerald-rapids'],
    ['AMD EPYC 7R13 Processor', 8, 4, 'epyc-7r13'],
    ['AMD EPYC 7763 64-Core Processor', 4, 2, 'epyc-7763'],
    // One silicon, rented by the core and by the thread.
    ['AMD EPYC 7B13', 8, 8, 'epyc-milan-cores'],
    ['AMD EPYC 7B13', 8, 4, 'epyc-7763'],
    ['AMD EPYC 9R14', 8, 8, 'epyc-9r14'],
    ['AMD EPYC 9B14', 8, 4, 'epyc-genoa-threads'],
    ['AMD EPYC 9V74 80-Core Processor', 8, 8, 'epyc-9r14'],
    ['Arm Neoverse-V1', 8, 8, 'graviton3'],
    ['Arm Neoverse-V2', 8, 8, 'graviton4'],
    // Several have this core, and their clocks differ.
    ['Arm Neoverse-N1', 8, 8, null],
    ['AMD EPYC 9B14', 8, null, null],
    ['AMD EPYC', 4, 2, null],
    ['Intel(R) Xeon(R) Processor @ 2.80GHz', 4, 2, null],
    ['Apple M3', 8, 8, null],
    ['AMD EPYC 77630', 4, 2, null],
    ['', 1, 1, null],
  ])('takes %s with %d threads on %s cores for %s', (model, logicalCores, physicalCores, id) => {
    expect(matchProcessor({ model, logicalCores, physicalCores }, catalog)?.id ?? null).toBe(id);
  });
});

describe('matchAccelerator', () => {
  // As the driver has it.
  it.each([
    ['Tesla T4', 't4'],
    ['NVIDIA T4G', 't4g'],
    ['Tesla V100-SXM2-16GB', 'v100-sxm2-16gb'],
    ['NVIDIA A10', 'a10'],
    ['NVIDIA A10G', 'a10g'],
    ['NVIDIA L4', 'l4'],
    ['NVIDIA L40S', 'l40s'],
    ['NVIDIA A30', 'a30'],
    ['NVIDIA A100-SXM4-40GB', 'a100-sxm4-40gb'],
    ['NVIDIA A100-SXM4-80GB', 'a100-sxm4-80gb'],
    ['NVIDIA A100 80GB PCIe', 'a100-pcie-80gb'],
    ['NVIDIA H100 80GB HBM3', 'h100-sxm5'],
    ['NVIDIA H100 PCIe', 'h100-pcie'],
    ['NVIDIA H200', 'h200-sxm'],
    ['NVIDIA B200', 'b200-sxm'],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', 'rtx-pro-6000-server'],
    ['NVIDIA L40', null],
    ['NVIDIA H100 NVL', null],
    ['NVIDIA GeForce RTX 4090', null],
    ['', null],
  ])('takes %s for %s', (name, id) => expect(matchAccelerator(name, catalog)?.id ?? null).toBe(id));

  it('knows each accelerator by its own name', () => {
    const lost = catalog.accelerators.filter((row) => matchAccelerator(row.name, catalog)?.id !== row.id);
    expect(lost.map(({ id }) => id)).toEqual([]);
  });
});
