import type { Environment } from '../runtime/environment.ts';

/** Memory that processes started now may take: what is free, within the container's limit. Null where neither is known. */
export function availableMemory({ availableBytes, limitBytes }: Environment['memory']): number | null {
  if (availableBytes === null) return limitBytes;
  return limitBytes === null ? availableBytes : Math.min(availableBytes, limitBytes);
}
