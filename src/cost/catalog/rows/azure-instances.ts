import type { InstanceType, Provenance } from '../catalog.ts';
import { instancesOf } from '../instance-group.ts';

const onDemand: Provenance = {
  source:
    'Azure/karpenter-provider-azure@352646f5 pkg/providers/pricing/zz_generated.pricing.go (generated 2026-06-18T03:43:41Z)',
  date: '2026-06-18',
};

const spot: Provenance = {
  source:
    'skypilot-org/skypilot-catalog catalogs/v6/azure/vms.csv@098741e7 SpotPrice (older list; date not readable, 2024-25)',
  date: null,
};

/** Azure; spot prices are of an older list whose day nobody tells. */
export const azureInstances: readonly InstanceType[] = [
  ...instancesOf({
    cloud: 'azure',
    region: 'eastus',
    onDemand,
    spot,
    spotFlags: ['spot-older', 'undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: 'xeon-8370c',
        processorName: 'Intel 8370C/8272CL',
        rows: [
          ['Standard_F4s_v2', 4, 8, 0.169],
          ['Standard_F8s_v2', 8, 16, 0.338],
          ['Standard_F16s_v2', 16, 32, 0.677],
        ],
      },
      {
        architecture: 'amd64',
        processor: 'xeon-8370c',
        processorName: 'Intel 8370C/8473C',
        rows: [
          ['Standard_D2s_v5', 2, 8, 0.096],
          ['Standard_D4s_v5', 4, 16, 0.192],
          ['Standard_D8s_v5', 8, 32, 0.384],
          ['Standard_D16s_v5', 16, 64, 0.768],
          ['Standard_E8s_v5', 8, 64, 0.504],
        ],
      },
      {
        architecture: 'amd64',
        processor: 'epyc-7763',
        processorName: 'AMD EPYC 7763 (Milan)',
        rows: [['Standard_D8as_v5', 8, 32, 0.344]],
      },
      {
        architecture: 'arm64',
        processor: 'altra',
        processorName: 'Ampere Altra',
        rows: [['Standard_D8ps_v5', 8, 32, 0.308]],
      },
      {
        architecture: 'amd64',
        processor: 'xeon-emerald-rapids',
        processorName: 'Intel Emerald Rapids',
        rows: [['Standard_D8s_v6', 8, 32, 0.403]],
      },
      {
        architecture: 'amd64',
        processor: 'epyc-genoa-threads',
        processorName: 'AMD Genoa',
        rows: [['Standard_D8as_v6', 8, 32, 0.363]],
      },
      {
        architecture: 'arm64',
        processor: null,
        processorName: 'Azure Cobalt 100',
        rows: [['Standard_D8ps_v6', 8, 32, 0.281]],
      },
      {
        architecture: 'amd64',
        processor: 'epyc-9r14',
        processorName: 'AMD Genoa',
        rows: [['Standard_F8as_v6', 8, 32, 0.546]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 't4', name: 'T4', memoryGibEach: 16 },
        rows: [
          ['Standard_NC4as_T4_v3', 4, 28, 0.526, 0.062699, null, 1],
          ['Standard_NC8as_T4_v3', 8, 56, 0.752, 0.089638, null, 1],
          ['Standard_NC16as_T4_v3', 16, 110, 1.204, 0.143517, null, 1],
          ['Standard_NC64as_T4_v3', 64, 440, 4.352, 0.518758, null, 4],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a10', name: 'A10', memoryGibEach: 24 },
        rows: [['Standard_NV36ads_A10_v5', 36, 440, 3.2, 0.8, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'v100-sxm2-16gb', name: 'V100', memoryGibEach: 16 },
        rows: [['Standard_NC6s_v3', 6, 112, 3.06, 0.3978, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'a100-sxm4-80gb', name: 'A100-80GB', memoryGibEach: 80 },
        rows: [
          ['Standard_NC24ads_A100_v4', 24, 220, 3.673, 0.444433, null, 1],
          ['Standard_NC48ads_A100_v4', 48, 440, 7.346, 0.888866, null, 2],
          ['Standard_NC96ads_A100_v4', 96, 880, 14.692, 1.777732, null, 4],
          ['Standard_ND96amsr_A100_v4', 96, 1800, 32.77, 3.6047, null, 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: null, name: 'H100-NVL', memoryGibEach: 94 },
        rows: [
          ['Standard_NC40ads_H100_v5', 40, 320, 6.98, null, null, 1],
          ['Standard_NC80adis_H100_v5', 80, 640, 13.96, null, null, 2],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        rows: [['Standard_ND96isr_H100_v5', 96, 1900, 98.32, null, null, 8]],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'azure',
    region: 'westus3',
    onDemand,
    spot: null,
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: null,
        accelerator: { id: 'h200-sxm', name: 'H200', memoryGibEach: 141 },
        rows: [['Standard_ND96isr_H200_v5', 96, 1850, 84.8, null, null, 8]],
      },
    ],
  }),
];
