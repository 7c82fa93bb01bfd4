import { InferError } from '../errors.ts';

/** Failures of the process, not of what it was given: another try would only repeat them. */
const fatalCodes: ReadonlySet<string> = new Set(['process-timeout', 'process-crashed', 'process-unstartable']);

/** Whether a runner's failure says something about what it was given, so that it may take half of that. */
export function isRefusal(error: unknown): error is InferError {
  return error instanceof InferError && !fatalCodes.has(error.code);
}

/**
 * Tries everything at once; where the runtime refuses, in halves, so that one bad item costs no other. Returns what
 * was refused by itself or not tried within `tries`. Other failures pass through.
 */
export async function tryInHalves<Item>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<void>,
  tries: { left: number },
): Promise<readonly Item[]> {
  const refused: Item[] = [];
  const waiting: (readonly Item[])[] = items.length === 0 ? [] : [items];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (tries.left <= 0 || !(await isTaken(part, attempt, tries))) {
      const half = Math.ceil(part.length / 2);
      if (part.length === 1 || tries.left <= 0) refused.push(...part);
      else waiting.push(part.slice(half), part.slice(0, half));
    }
  }
  return refused;
}

async function isTaken<Item>(
  part: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<void>,
  tries: { left: number },
): Promise<boolean> {
  tries.left--;
  try {
    await attempt(part);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
