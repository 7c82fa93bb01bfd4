import type { InstanceType, Provenance } from '../catalog.ts';
import { instancesOf } from '../instance-group.ts';

/** The commits of this catalog tell no dates. */
function listed(cloud: string, commit: string): Provenance {
  return { source: `skypilot-org/skypilot-catalog catalogs/v8/${cloud}/vms.csv@${commit}`, date: null };
}

/** Clouds that rent little but GPUs. None lists a spot price below its price on demand. */
export const gpuCloudInstances: readonly InstanceType[] = [
  ...instancesOf({
    cloud: 'lambda',
    region: 'us-east-1',
    onDemand: listed('lambda', '0f407038'),
    spot: null,
    flags: ['undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        rows: [['cpu_4x_general', 4, 16, 0.2]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a10', name: 'A10', memoryGibEach: 24 },
        rows: [['gpu_1x_a10', 30, 200, 1.29, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'RTX6000', memoryGibEach: 24 },
        rows: [['gpu_1x_rtx6000', 14, 46, 0.69, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'A6000', memoryGibEach: 48 },
        rows: [['gpu_1x_a6000', 14, 100, 1.09, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'v100-sxm2-16gb', name: 'V100', memoryGibEach: 16 },
        rows: [['gpu_8x_v100_n', 88, 448, 6.32, null, null, 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a100-sxm4-40gb', name: 'A100', memoryGibEach: 40 },
        rows: [['gpu_1x_a100_sxm4', 30, 200, 1.99, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a100-sxm4-80gb', name: 'A100-80GB', memoryGibEach: 80 },
        rows: [['gpu_8x_a100_80gb_sxm4', 240, 1800, 22.32, null, null, 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h100-pcie', name: 'H100-PCIe', memoryGibEach: 80 },
        rows: [['gpu_1x_h100_pcie', 26, 200, 3.29, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        rows: [['gpu_8x_h100_sxm5', 208, 1800, 31.92, null, null, 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'b200-sxm', name: 'B200', memoryGibEach: 180 },
        rows: [['gpu_1x_b200_sxm6', 26, 360, 6.99, null, null, 1]],
      },
      {
        architecture: 'arm64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'GH200', memoryGibEach: 96 },
        rows: [['gpu_1x_gh200', 64, 432, 2.29, null, null, 1]],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'hyperstack',
    region: 'CANADA-1',
    onDemand: listed('hyperstack', 'fdc9d908'),
    spot: null,
    flags: ['undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a100-pcie-80gb', name: 'A100-80GB-PCIe', memoryGibEach: 80 },
        rows: [['n3-A100x1', 28, 120, 1.35, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h100-pcie', name: 'H100-PCIe', memoryGibEach: 80 },
        rows: [['n3-H100x1', 28, 180, 1.9, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        rows: [['n3-H100-SXM5x8', 192, 1800, 19.2, null, null, 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'L40', memoryGibEach: 48 },
        rows: [['n3-L40x1', 28, 58, 1, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'A6000', memoryGibEach: 48 },
        rows: [['n3-RTX-A6000x1', 28, 58, 0.5, null, null, 1]],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'hyperstack',
    region: 'NORWAY-1',
    onDemand: listed('hyperstack', 'fdc9d908'),
    spot: null,
    flags: ['undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'RTX-A4000', memoryGibEach: 16 },
        rows: [['n3-RTX-A4000x1', 4, 21, 0.15, null, null, 1]],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'runpod',
    region: 'US',
    onDemand: listed('runpod', '01acdfd4'),
    spot: null,
    flags: ['undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a100-pcie-80gb', name: 'A100-80GB-PCIe', memoryGibEach: 80 },
        rows: [['1x_A100-80GB_SECURE', 8, 117, 1.39, null, null, 1]],
      },
    ],
  }),
];
