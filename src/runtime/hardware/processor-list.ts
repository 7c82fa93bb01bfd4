/** The kernel's `0-3,8` as numbers, rising as they stand; null for anything else. */
export function parseProcessorList(text: string): readonly number[] | null {
  const parts = text
    .trim()
    .split(',')
    .map((part) => /^(\d+)(?:-(\d+))?$/.exec(part));
  if (parts.some((match) => match === null)) return null;
  return parts.flatMap((match) => {
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? first);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}

/** Processors a process or thread may run on, from `/proc/PID/status`; null where it is not told. */
export function allowedProcessors(status: string | null): readonly number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
  return list === undefined ? null : parseProcessorList(list);
}
