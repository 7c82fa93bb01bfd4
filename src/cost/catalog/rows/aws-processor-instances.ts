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

/** AWS machines without accelerators. */
export const awsProcessorInstances: readonly InstanceType[] = instancesOf({
  cloud: 'aws',
  region: 'us-east-1',
  onDemand,
  spot,
  groups: [
    {
      architecture: 'amd64',
      processor: 'xeon-8375c',
      processorName: 'Intel Xeon 8375C (Ice Lake)',
      rows: [
        ['c6i.xlarge', 4, 8, 0.17, 0.068, '15-20%'],
        ['c6i.2xlarge', 8, 16, 0.34, 0.1666, '5-10%'],
        ['c6i.4xlarge', 16, 32, 0.68, 0.2924, '15-20%'],
        ['c6i.8xlarge', 32, 64, 1.36, 0.5304, '5-10%'],
        ['m6i.2xlarge', 8, 32, 0.384, 0.1613, '>20%'],
      ],
    },
    {
      architecture: 'amd64',
      processor: 'xeon-8488c',
      processorName: 'Intel Xeon 8488C (Sapphire Rapids)',
      rows: [
        ['c7i.large', 2, 4, 0.08925, 0.0303, '>20%'],
        ['c7i.xlarge', 4, 8, 0.1785, 0.0696, '>20%'],
        ['c7i.2xlarge', 8, 16, 0.357, 0.1464, '>20%'],
        ['c7i.4xlarge', 16, 32, 0.714, 0.2785, '15-20%'],
        ['c7i.8xlarge', 32, 64, 1.428, 0.5426, '10-15%'],
        ['c7i.16xlarge', 64, 128, 2.856, 1.0567, '5-10%'],
        ['m7i.xlarge', 4, 16, 0.2016, 0.0948, '15-20%'],
        ['m7i.2xlarge', 8, 32, 0.4032, 0.1532, '>20%'],
        ['m7i.4xlarge', 16, 64, 0.8064, 0.3871, '5-10%'],
        ['r7i.2xlarge', 8, 64, 0.5292, 0.217, '>20%'],
      ],
    },
    {
      architecture: 'amd64',
      processor: 'epyc-9r14',
      processorName: 'AMD EPYC 9R14 (Genoa)',
      rows: [
        ['c7a.xlarge', 4, 8, 0.20528, 0.0862, '>20%'],
        ['c7a.4xlarge', 16, 32, 0.82112, 0.3038, '>20%'],
      ],
    },
    {
      architecture: 'arm64',
      processor: 'graviton3',
      processorName: 'AWS Graviton3',
      rows: [
        ['c7g.large', 2, 4, 0.0725, 0.037, '<5%'],
        ['c7g.xlarge', 4, 8, 0.145, 0.0551, '<5%'],
        ['c7g.2xlarge', 8, 16, 0.29, 0.0899, '<5%'],
        ['c7g.4xlarge', 16, 32, 0.58, 0.1682, '<5%'],
        ['c7g.8xlarge', 32, 64, 1.16, 0.3132, '<5%'],
        ['m7g.2xlarge', 8, 32, 0.3264, 0.1175, '5-10%'],
      ],
    },
    {
      architecture: 'arm64',
      processor: 'graviton4',
      processorName: 'AWS Graviton4',
      rows: [
        ['c8g.xlarge', 4, 8, 0.15952, 0.0542, '10-15%'],
        ['c8g.2xlarge', 8, 16, 0.31904, 0.0957, '>20%'],
        ['c8g.4xlarge', 16, 32, 0.63808, 0.1914, '>20%'],
        ['m8g.2xlarge', 8, 32, 0.35904, 0.1364, '5-10%'],
      ],
    },
    {
      architecture: 'amd64',
      processor: null,
      processorName: 'Intel Xeon 6 (Granite Rapids)',
      rows: [['c8i.2xlarge', 8, 16, 0.37484]],
    },
    {
      architecture: 'amd64',
      processor: null,
      processorName: 'Intel Xeon 8259CL (Skylake/Cascade Lake)',
      rows: [['t3.medium', 2, 4, 0.0416, 0.0183, '<5%']],
    },
    {
      architecture: 'arm64',
      processor: 'graviton2',
      processorName: 'AWS Graviton2',
      rows: [['t4g.medium', 2, 4, 0.0336, 0.0121, '>20%']],
    },
  ],
});
