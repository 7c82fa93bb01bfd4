import type { CatalogFlag } from '../../vocabulary.ts';
import type { Accelerator, Provenance } from '../catalog.ts';

const noDate = { date: null } as const;
const folder = 'ai-dynamo/aiconfigurator@095f58a5 aic-core/src/aiconfigurator_core/systems';

/** `more`: where the figures are from that this file lacks. */
function aiconfigurator(file: string, more = ''): Provenance {
  return { source: `${folder}/${file}.yaml (Apache-2.0)${more}`, date: '2026-08-21' };
}

type Peaks = readonly [fp32: number | null, fp16: number | null, int8: number | null, fp8: number | null];

interface AcceleratorRow extends Provenance {
  readonly name: string;
  readonly modelPatterns: readonly string[];
  readonly memoryGb: number;
  readonly gbPerSecond: number;
  /** Dense, in TFLOPS and TOPS. */
  readonly peaks: Peaks;
  readonly tdpWatts: number | null;
  readonly note?: string;
  readonly flags?: readonly CatalogFlag[];
}

const rows: readonly AcceleratorRow[] = [
  {
    name: 'T4',
    modelPatterns: ['t4'],
    memoryGb: 16,
    gbPerSecond: 320,
    peaks: [8.141, 65.13, 130.25, null],
    tdpWatts: 70,
    source: 'hmc-tech.com spec comparison page (stored copy) nvidia-a16-vs-nvidia-t4; sysrqmts.com (bandwidth 320)',
    ...noDate,
    note: 'throttled by its power: sustained far below peak',
    flags: ['undated'],
  },
  {
    name: 'T4g',
    modelPatterns: ['t4g'],
    memoryGb: 16,
    gbPerSecond: 320,
    peaks: [8.1, 65, 130, null],
    tdpWatts: 70,
    source: 'assumed = T4 (unverified)',
    ...noDate,
    note: 'of g5g',
    flags: ['estimate', 'undated'],
  },
  {
    name: 'V100-SXM2-16GB',
    modelPatterns: ['v100', 'v100-sxm2', 'v100-sxm2-16gb', 'v100-sxm2-32gb'],
    memoryGb: 16,
    gbPerSecond: 900,
    peaks: [15.7, 125, null, null],
    tdpWatts: 300,
    source: 'NVIDIA V100 datasheet (memory, NOT looked up); sysrqmts.com gives SXM3-32GB: FP32 15.67, 897 GB/s',
    ...noDate,
    note: 'no int8 tensor cores',
    flags: ['from-memory', 'undated'],
  },
  {
    name: 'A10',
    modelPatterns: ['a10'],
    memoryGb: 24,
    gbPerSecond: 600,
    peaks: [31.2, 125, 250, null],
    tdpWatts: 150,
    source: 'NVIDIA A10 datasheet (memory, NOT looked up)',
    ...noDate,
    flags: ['from-memory', 'undated'],
  },
  {
    name: 'A10G',
    modelPatterns: ['a10g'],
    memoryGb: 24,
    gbPerSecond: 600,
    peaks: [31.5, 70, 140, null],
    tdpWatts: 300,
    source: 'AWS/NVIDIA A10G datasheet (memory, NOT looked up)',
    ...noDate,
    note: 'tensor rate is about half of that of an A10',
    flags: ['from-memory', 'undated'],
  },
  {
    name: 'L4',
    modelPatterns: ['l4'],
    memoryGb: 24,
    gbPerSecond: 300,
    peaks: [30.3, 121, 242, 242],
    tdpWatts: 72,
    ...aiconfigurator('l4', '; fp32 NVIDIA L4 datasheet (memory)'),
    note: 'low power cap: sustained clocks drop',
    flags: ['from-memory'],
  },
  {
    name: 'L40S',
    modelPatterns: ['l40s'],
    memoryGb: 48,
    gbPerSecond: 864,
    peaks: [91.6, 362.05, 733, 733],
    tdpWatts: 350,
    ...aiconfigurator('l40s', '; fp32 NVIDIA (memory)'),
    flags: ['from-memory'],
  },
  {
    name: 'A30',
    modelPatterns: ['a30'],
    memoryGb: 24,
    gbPerSecond: 933,
    peaks: [10.3, 165, 330, null],
    tdpWatts: 165,
    ...aiconfigurator('a30', '; fp32 (memory)'),
    flags: ['from-memory'],
  },
  {
    name: 'A100-SXM4-40GB',
    modelPatterns: ['a100-sxm4-40gb'],
    memoryGb: 40,
    gbPerSecond: 1555,
    peaks: [19.49, 312, 624, null],
    tdpWatts: 400,
    source: `sysrqmts.com (bandwidth, fp32, TDP); tensor = A100 family ${folder}/a100_sxm.yaml (Apache-2.0)`,
    ...noDate,
    flags: ['undated'],
  },
  {
    name: 'A100-PCIe-80GB',
    modelPatterns: ['a100 80gb pcie', 'a100-pcie-80gb'],
    memoryGb: 80,
    gbPerSecond: 1935,
    peaks: [19.49, 312, 624, null],
    tdpWatts: 300,
    ...aiconfigurator('a100_pcie'),
  },
  {
    name: 'A100-SXM4-80GB',
    modelPatterns: ['a100-sxm4-80gb'],
    memoryGb: 80,
    gbPerSecond: 2039,
    peaks: [19.49, 312, 624, null],
    tdpWatts: 400,
    ...aiconfigurator('a100_sxm', '; hmc-tech.com spec comparison page (stored copy)'),
  },
  {
    name: 'H100-PCIe',
    modelPatterns: ['h100 pcie', 'h100-pcie'],
    memoryGb: 80,
    gbPerSecond: 2000,
    peaks: [51, 756.5, 1513, 1513],
    tdpWatts: 350,
    ...aiconfigurator('h100_pcie', '; fp32 (memory)'),
    flags: ['from-memory'],
  },
  {
    name: 'H100-SXM5',
    modelPatterns: ['h100 80gb hbm3', 'h100-sxm5', 'h100 sxm5'],
    memoryGb: 80,
    gbPerSecond: 3350,
    peaks: [67, 989, 1978, 1978],
    tdpWatts: 700,
    ...aiconfigurator('h100_sxm', '; fp32 (memory)'),
    flags: ['from-memory'],
  },
  {
    name: 'H200-SXM',
    modelPatterns: ['h200', 'h200-sxm'],
    memoryGb: 141,
    gbPerSecond: 4800,
    peaks: [67, 989, 1978, 1978],
    tdpWatts: 700,
    ...aiconfigurator('h200_sxm', '; morphllm.com quoting NVIDIA (fp16 1979 sparse)'),
  },
  {
    name: 'B200-SXM',
    modelPatterns: ['b200', 'b200-sxm'],
    memoryGb: 180,
    gbPerSecond: 7700,
    peaks: [75, 2250, 4500, 4500],
    tdpWatts: 1000,
    ...aiconfigurator('b200_sxm', '; fp32 75.02 hmc-tech.com spec comparison page (stored copy)'),
  },
  {
    name: 'RTX-PRO-6000-Server',
    modelPatterns: ['rtx pro 6000 blackwell server edition', 'rtx-pro-6000-server'],
    memoryGb: 96,
    gbPerSecond: 1792,
    peaks: [null, 467.8, 935.6, 935.6],
    tdpWatts: 600,
    ...aiconfigurator('rtx_pro_6000_server'),
  },
  {
    name: 'Intel-Arc-Pro-B60',
    modelPatterns: ['arc(tm) pro b60', 'arc pro b60', 'intel-arc-pro-b60'],
    memoryGb: 24,
    gbPerSecond: 456,
    peaks: [12.28, 98.3, 197, null],
    tdpWatts: 200,
    ...aiconfigurator('b60'),
  },
  {
    name: 'Inferentia2',
    modelPatterns: ['inferentia2'],
    memoryGb: 32,
    gbPerSecond: 880,
    peaks: [47.5, 190, 380, 190],
    tdpWatts: null,
    source: 'AWS Neuron docs inferentia2.html: 380 INT8 TOPS, 190 FP16 TFLOPS, 47.5 FP32, 32 GiB HBM, 820 GiB/s',
    ...noDate,
    note: 'ONNX needs neuronx compile; not a provider of onnxruntime',
    flags: ['undated'],
  },
  {
    name: 'Inferentia1',
    modelPatterns: ['inferentia', 'inferentia1'],
    memoryGb: 8,
    gbPerSecond: 54,
    peaks: [null, 64, 128, null],
    tdpWatts: null,
    source: 'AWS Neuron docs inferentia.html: 128 INT8 TOPS, 64 FP16, 50 GiB/s',
    ...noDate,
    note: 'ONNX needs neuron compile; not a provider of onnxruntime',
    flags: ['undated'],
  },
];

/** Peaks, bandwidth and power of accelerators. */
export const accelerators: readonly Accelerator[] = rows.map(({ peaks, note = null, flags = [], ...row }) => ({
  ...row,
  id: row.name.toLowerCase(),
  fp32Tflops: peaks[0],
  fp16Tflops: peaks[1],
  int8Tops: peaks[2],
  fp8Tflops: peaks[3],
  note,
  flags,
}));
