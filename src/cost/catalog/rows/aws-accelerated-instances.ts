import type { InstanceType, Provenance } from '../catalog.ts';
import { instancesOf } from '../instance-group.ts';

const onDemand: Provenance = {
  source:
    'aws/karpenter-provider-aws@1d927085 pkg/providers/pricing/zz_generated.pricing_aws.go (generated 2026-07-20T13:44:30Z us-east-1)',
  date: '2026-07-20',
};

/** Savings off the on-demand price, of 2025, taken off the on-demand price above. */
const spot: Provenance = {
  source: 'alexei-led/spotinfo@05e93313 spot-advisor-data.json (data commit 2025-06-28)',
  date: '2025-06-28',
};

/** The price list has no sizes of these. */
const oldOnDemand: Provenance = { ...onDemand, source: `${onDemand.source}; vCPU/mem from spotinfo instance_types` };

/** AWS machines with accelerators; memory of A10G, L4, L40S and B200 is what a driver leaves of the nominal one. */
export const awsAcceleratedInstances: readonly InstanceType[] = [
  ...instancesOf({
    cloud: 'aws',
    region: 'us-east-1',
    onDemand,
    spot,
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 't4', name: 'T4', memoryGibEach: 16 },
        rows: [
          ['g4dn.xlarge', 4, 16, 0.526, 0.1894, '15-20%', 1],
          ['g4dn.2xlarge', 8, 32, 0.752, 0.2933, '>20%', 1],
          ['g4dn.4xlarge', 16, 64, 1.204, 0.3853, '>20%', 1],
          ['g4dn.12xlarge', 48, 192, 3.912, 1.4083, '10-15%', 4],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'a10g', name: 'A10G', memoryGibEach: 22.4 },
        flags: ['usable-memory'],
        rows: [
          ['g5.xlarge', 4, 16, 1.006, 0.4125, '>20%', 1],
          ['g5.2xlarge', 8, 32, 1.212, 0.509, '15-20%', 1],
          ['g5.4xlarge', 16, 64, 1.624, 0.6496, '10-15%', 1],
          ['g5.12xlarge', 48, 192, 5.672, 2.3822, '>20%', 4],
          ['g5.48xlarge', 192, 768, 16.288, 4.7235, '>20%', 8],
        ],
      },
      {
        architecture: 'arm64',
        processor: null,
        processorName: 'aws',
        accelerator: { id: 't4g', name: 'T4g', memoryGibEach: 16 },
        rows: [['g5g.xlarge', 4, 8, 0.42, 0.1386, '<5%', 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'l4', name: 'L4', memoryGibEach: 22.4 },
        flags: ['usable-memory'],
        rows: [
          ['g6.xlarge', 4, 16, 0.8048, 0.4104, '>20%', 1],
          ['g6.2xlarge', 8, 32, 0.9776, 0.4106, '>20%', 1],
          ['g6.12xlarge', 48, 192, 4.6016, 1.8867, '>20%', 4],
          ['g6.48xlarge', 192, 768, 13.3504, 4.1386, '>20%', 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'l40s', name: 'L40S', memoryGibEach: 44.7 },
        flags: ['usable-memory'],
        rows: [
          ['g6e.xlarge', 4, 32, 1.861, 0.7816, '5-10%', 1],
          ['g6e.2xlarge', 8, 64, 2.24208, 0.8296, '10-15%', 1],
          ['g6e.12xlarge', 48, 384, 10.49264, 4.6168, '>20%', 4],
          ['g6e.48xlarge', 192, 1536, 30.13118, 9.642, '>20%', 8],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'l4', name: 'L4', memoryGibEach: 2.8 },
        flags: ['usable-memory'],
        rows: [['g6f.large', 2, 8, 0.202, null, null, 0.125]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'rtx-pro-6000-server', name: 'RTX-PRO-6000', memoryGibEach: 96 },
        rows: [['g7e.2xlarge', 8, 64, 3.36312, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'a100-sxm4-40gb', name: 'A100', memoryGibEach: 40 },
        spotFlags: ['spot-low-confidence'],
        rows: [['p4d.24xlarge', 96, 1152, 21.957642, 7.246, '10-15%', 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'a100-sxm4-80gb', name: 'A100', memoryGibEach: 80 },
        spotFlags: ['spot-low-confidence'],
        rows: [['p4de.24xlarge', 96, 1152, 27.44705, 9.6065, '<5%', 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        rows: [['p5.4xlarge', 16, 256, 6.88, null, null, 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'h100-sxm5', name: 'H100', memoryGibEach: 80 },
        spotFlags: ['spot-low-confidence'],
        rows: [['p5.48xlarge', 192, 2048, 55.04, 26.4192, '>20%', 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'h200-sxm', name: 'H200', memoryGibEach: 141 },
        spotFlags: ['spot-low-confidence'],
        rows: [['p5en.48xlarge', 192, 2048, 63.296, 22.7866, '<5%', 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'b200-sxm', name: 'B200', memoryGibEach: 179.1 },
        flags: ['usable-memory'],
        rows: [['p6-b200.48xlarge', 192, 2048, 113.9328, null, null, 8]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: 'inferentia1', name: 'inferentia', memoryGibEach: 8 },
        rows: [['inf1.xlarge', 4, 8, 0.228, 0.0638, '>20%', 1]],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'amd',
        accelerator: { id: 'inferentia2', name: 'inferentia2', memoryGibEach: 32 },
        rows: [
          ['inf2.xlarge', 4, 16, 0.7582, 0.1668, '<5%', 1],
          ['inf2.8xlarge', 32, 128, 1.96786, 0.5904, '<5%', 1],
          ['inf2.24xlarge', 96, 384, 6.49063, 1.363, '<5%', 6],
          ['inf2.48xlarge', 192, 768, 12.98127, 1.8174, '5-10%', 12],
        ],
      },
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'intel',
        accelerator: { id: null, name: 'trainium', memoryGibEach: 32 },
        rows: [
          ['trn1.2xlarge', 8, 32, 1.34375, 0.3494, '<5%', 1],
          ['trn1.32xlarge', 128, 512, 21.5, 4.515, '<5%', 16],
        ],
      },
    ],
  }),
  ...instancesOf({
    cloud: 'aws',
    region: 'us-east-1',
    onDemand: oldOnDemand,
    spot,
    groups: [
      {
        architecture: 'amd64',
        processor: null,
        processorName: 'Intel Xeon E5-2686v4',
        accelerator: { id: 'v100-sxm2-16gb', name: 'V100', memoryGibEach: 16 },
        rows: [
          ['p3.2xlarge', 8, 61, 3.06, 0.612, '>20%', 1],
          ['p3.8xlarge', 32, 244, 12.24, 1.7136, '>20%', 4],
          ['p3.16xlarge', 64, 488, 24.48, 4.1616, '>20%', 8],
        ],
      },
    ],
  }),
];
