import type { Pinning } from '../pinning.ts';
import type { HardwareSource, ReadText } from './hardware-source.ts';
import { allowedProcessors, parseProcessorList } from './processor-list.ts';

type Source = Pick<HardwareSource, 'platform' | 'readText' | 'run'>;

/** Asks whether `taskset` can hold a process to the processors that this one may run on. Never rejects. */
export async function readPinning({ platform, readText, run }: Source): Promise<Pinning> {
  const allowed = platform === 'linux' ? allowedProcessors(readText('/proc/self/status')) : null;
  if (allowed === null) return { possible: false, problem: 'system' };
  if ((await run('taskset', ['--version'])) === null) return { possible: false, problem: 'no-taskset' };
  const processors = onePerCoreFirst(allowed, readText);
  // `echo` tells that what is pinned really starts: taskset ends with an error otherwise.
  const started = await run('taskset', ['-c', String(processors[0] ?? 0), 'echo']);
  return started === null ? { possible: false, problem: 'refused' } : { possible: true, processors };
}

/**
 * Hardware threads of one core share its units: the first of each core comes before any second, so that pinned threads
 * have cores of their own as long as there are some.
 */
function onePerCoreFirst(processors: readonly number[], readText: ReadText): readonly number[] {
  const rankOf = (processor: number): number => {
    const list = readText(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`);
    const siblings = (list === null ? null : parseProcessorList(list)) ?? [processor];
    return siblings.filter((sibling) => processors.includes(sibling)).indexOf(processor);
  };
  return processors
    .map((processor) => ({ processor, rank: rankOf(processor) }))
    .toSorted((a, b) => a.rank - b.rank || a.processor - b.processor)
    .map(({ processor }) => processor);
}
