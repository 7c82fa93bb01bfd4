import type { GpuInfo } from '../environment.ts';
import type { RunProgram } from './hardware-source.ts';

const basicFields = ['name', 'driver_version', 'memory.total'];
const fields = [...basicFields, 'compute_cap', 'power.limit', 'mig.mode.current'];

/** NVIDIA's GPUs by the driver's own tool; none when it is absent or fails. Never rejects. */
export async function readGpus(run: RunProgram): Promise<readonly GpuInfo[]> {
  // A driver refuses the whole question for one field that it does not know.
  const text = (await run('nvidia-smi', query(fields))) ?? (await run('nvidia-smi', query(basicFields)));
  const gpus = (text ?? '').split('\n').flatMap(parseLine);
  if (gpus.length === 0) return [];
  const driverCuda = /CUDA Version\s*:\s*([\d.]+)/.exec((await run('nvidia-smi', [])) ?? '')?.[1] ?? null;
  return gpus.map((gpu) => ({ ...gpu, driverCuda }));
}

function query(names: readonly string[]): readonly string[] {
  return [`--query-gpu=${names.join(',')}`, '--format=csv,noheader,nounits'];
}

/** `NVIDIA A10G, 535.183.01, 23028, 8.6, 300.00, [N/A]`: MiB and W; words in brackets where the GPU does not tell. */
function parseLine(line: string): readonly GpuInfo[] {
  const [name = '', driver = '', memory = '', capability = '', limit = '', mig = ''] = line
    .split(',')
    .map((field) => field.trim());
  // A driver that cannot be reached is told in a sentence on the same stream.
  if (name === '' || driver === '') return [];
  const mebibytes = numberOf(memory);
  return [
    {
      name,
      driver: driver.startsWith('[') ? null : driver,
      memoryBytes: mebibytes === null ? null : mebibytes * 2 ** 20,
      api: 'cuda',
      computeCapability: /^\d+\.\d+$/.test(capability) ? capability : null,
      powerLimitW: numberOf(limit),
      isMig: mig === 'Enabled',
    },
  ];
}

function numberOf(text: string): number | null {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? null : value;
}
