import { readdirSync, readFileSync } from 'node:fs';
import { allowedProcessors } from './hardware/processor-list.ts';
import type { ThreadAffinity } from './pinning.ts';

/** A program and its first arguments. */
export interface Launch {
  readonly execPath: string;
  readonly execArgv: readonly string[];
}

/** Node under `taskset`, which becomes Node: the process and its channels stay the same. */
export function pinnedLaunch(launch: Launch, processors: readonly number[]): Launch {
  return { execPath: 'taskset', execArgv: ['-c', processors.join(','), launch.execPath, ...launch.execArgv] };
}

/**
 * onnxruntime's key for the processors of its own threads, which it counts from 1; the thread that calls it is the
 * first of them and not in the list. Source: onnxruntime_session_options_config_keys.h, `intra_op_thread_affinities`.
 */
export function threadAffinities(processors: readonly number[], threads: number): Readonly<Record<string, string>> {
  const others = processors.slice(1, threads).map((processor) => processor + 1);
  return others.length === 0 ? {} : { 'session.intra_op_thread_affinities': others.join(';') };
}

/** Holds the thread that calls onnxruntime, the first of the process, to one processor. What fails is seen when read back. */
export async function pinMainThread(pid: number, processor: number): Promise<void> {
  const { execa } = await import('execa');
  await execa('taskset', ['-p', '-c', String(processor), String(pid)], { reject: false, stdin: 'ignore' });
}

/** Where the threads of a process may run, as the kernel tells; null where it does not, or the process is gone. */
export function readAffinity(pid: number): readonly ThreadAffinity[] | null {
  try {
    const folder = `/proc/${pid}/task`;
    const lists = readdirSync(folder).map((thread) => allowedProcessors(textOf(`${folder}/${thread}/status`)));
    return grouped(lists.filter((list) => list !== null));
  } catch {
    return null;
  }
}

function grouped(lists: readonly (readonly number[])[]): readonly ThreadAffinity[] {
  const groups = new Map<string, ThreadAffinity>();
  for (const processors of lists) {
    const key = processors.join(',');
    groups.set(key, { processors, threads: (groups.get(key)?.threads ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** A thread may end between the listing and the reading. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
