import type { GpuInfo } from '../environment.ts';
import type { RunProgram } from './hardware-source.ts';

const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'];

/** NVIDIA's GPUs by the driver's own tool; none when it is absent or fails. Never rejects. */
export async function readGpus(run: RunProgram): Promise<readonly GpuInfo[]> {
  const text = await run('nvidia-smi', query);
  return text === null ? [] : text.split('\n').flatMap(parseLine);
}

/** `NVIDIA A10G, 535.183.01, 23028`: memory in MiB; `[N/A]` where the GPU does not tell. */
function parseLine(line: string): readonly GpuInfo[] {
  const [name = '', driver = '', memory = ''] = line.split(',').map((field) => field.trim());
  // A driver that cannot be reached is told in a sentence on the same stream.
  if (name === '' || driver === '') return [];
  const mebibytes = Number.parseInt(memory, 10);
  return [
    {
      name,
      driver: driver.startsWith('[') ? null : driver,
      memoryBytes: Number.isNaN(mebibytes) ? null : mebibytes * 2 ** 20,
      api: 'cuda',
    },
  ];
}
