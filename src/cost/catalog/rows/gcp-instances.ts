import type { InstanceType, Provenance } from '../catalog.ts';
import { instancesOf } from '../instance-group.ts';

/** On-demand and spot in one list. */
const autoscaler: Provenance = {
  source:
    'kubernetes/autoscaler@55c37cd5 cluster-autoscaler/cloudprovider/gce/gce_price_info.go (last file commit 2026-06-23; us-central1 list)',
  date: '2026-06-23',
};

/** Its commits tell no dates. */
const catalog: Provenance = {
  source: 'skypilot-org/skypilot-catalog catalogs/v8/gcp/vms.csv@006059e0',
  date: null,
};

/** Rows of machines and of accelerators are apart in this source. */
const summed: Provenance = { ...catalog, source: `${catalog.source} (VM row + H100 row summed)` };

/** Google Cloud. Spot prices that are 90 % off are flagged: no other family is so cheap. */
export const gcpInstances: readonly InstanceType[] = [
  ...instancesOf({
    cloud: 'gcp',
    region: 'us-central1',
    onDemand: autoscaler,
    spot: autoscaler,
    groups: [
      {
        architecture: 'amd64',
        processor: 'xeon-8488c',
        processorName: 'Intel Sapphire Rapids',
        spotFlags: ['spot-outlier'],
        rows: [
          ['c3-highcpu-4', 4, 8, 0.1724, 0.015648],
          ['c3-highcpu-8', 8, 16, 0.3448, 0.031296],
          ['c3-standard-4', 4, 16, 0.20888, 0.018952],
          ['c3-standard-8', 8, 32, 0.41776, 0.037904],
          ['c3-standard-22', 22, 88, 1.14884, 0.104236],
          ['c3-standard-44', 44, 176, 2.29768, 0.208472],
        ],
      },
      {
        architecture: 'amd64',
        processor: 'epyc-genoa-threads',
        processorName: 'AMD Genoa',
        rows: [
          ['c3d-standard-8', 8, 32, 0.3632],
          ['c3d-standard-16', 16, 64, 0.7264],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Cascade/Ice Lake',
        rows: [
          ['n2-standard-4', 4, 16, 0.1942, 0.047],
          ['n2-standard-8', 8, 32, 0.3885, 0.094],
          ['n2-standard-16', 16, 64, 0.7769, 0.188],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'AMD Rome/Milan',
        spotFlags: ['spot-outlier'],
        rows: [['n2d-standard-8', 8, 32, 0.338, 0.034088]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'shared pool',
        rows: [
          ['e2-standard-4', 4, 16, 0.13402, 0.04021],
          ['e2-standard-8', 8, 32, 0.26805, 0.08041],
        ],
      },
      {
        architecture: 'amd64',
        processor: 'epyc-milan-cores',
        processorName: 'AMD Milan',
        spotFlags: ['spot-disputed'],
        rows: [
          ['t2d-standard-4', 4, 16, 0.169, 0.0409],
          ['t2d-standard-8', 8, 32, 0.338, 0.0818],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Cascade Lake',
        rows: [['c2-standard-8', 8, 32, 0.4176, 0.1011]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Skylake/Haswell',
        rows: [
          ['n1-standard-4', 4, 15, 0.19, 0.04],
          ['n1-standard-8', 8, 30, 0.38, 0.08],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Cascade Lake',
        accelerator: { id: 'l4', name: 'L4', memoryGibEach: 24 },
        rows: [
          ['g2-standard-4', 4, 16, 0.76, 0.23, null, 1],
          ['g2-standard-8', 8, 32, 0.91, 0.27, null, 1],
          ['g2-standard-12', 12, 48, 1.06, 0.32, null, 1],
          ['g2-standard-24', 24, 96, 2.11, 0.63, null, 2],
          ['g2-standard-48', 48, 192, 4.23, 1.27, null, 4],
          ['g2-standard-96', 96, 384, 8.46, 2.54, null, 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Cascade Lake',
        accelerator: { id: 'a100-sxm4-40gb', name: 'A100', memoryGibEach: 40 },
        rows: [
          ['a2-highgpu-1g', 12, 85, 3.673385, 1.102016, null, 1],
          ['a2-highgpu-8g', 96, 680, 29.38708, 8.816124, null, 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Cascade Lake',
        accelerator: { id: 'a100-sxm4-80gb', name: 'A100-80GB', memoryGibEach: 80 },
        rows: [
          ['a2-ultragpu-1g', 12, 170, 5.0688, 1.6, null, 1],
          ['a2-ultragpu-8g', 96, 1360, 40.5504, 12.8, null, 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Skylake/Haswell',
        accelerator: { id: 't4', name: 'T4', memoryGibEach: 16 },
        flags: ['summed'],
        rows: [['n1-standard-4+1xT4', 4, 15, 0.54, 0.15, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Skylake/Haswell',
        accelerator: { id: 'v100-sxm2-16gb', name: 'V100', memoryGibEach: 16 },
        flags: ['summed'],
        rows: [['n1-standard-8+1xV100', 8, 30, 2.86, 0.82, null, 1]],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'gcp',
    region: 'us-central1',
    onDemand: catalog,
    spot: catalog,
    flags: ['undated'],
    groups: [
      {
        architecture: 'arm64',
        processor: 'altra',
        processorName: 'Ampere Altra (Neoverse N1)',
        rows: [
          ['t2a-standard-4', 4, 16, 0.154, 0.04258],
          ['t2a-standard-8', 8, 32, 0.308, 0.08517],
          ['t2a-standard-16', 16, 64, 0.616, 0.17034],
        ],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'gcp',
    region: 'us-east4',
    onDemand: summed,
    spot: catalog,
    flags: ['undated'],
    groups: [
      {
        architecture: 'amd64',
        processor: 'xeon-8488c',
        processorName: 'Intel Sapphire Rapids',
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        flags: ['summed'],
        rows: [
          ['a3-highgpu-1g', 26, 234, 10.97906, 2.50556, null, 1],
          ['a3-highgpu-8g', 208, 1872, 87.83247, 20.04446, null, 8],
        ],
      },
    ],
  }),
];
