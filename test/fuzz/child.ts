import { readFileSync } from 'node:fs';
import type { Seed } from './mutate.ts';
import { seedOf } from './mutate.ts';
import { damagedFile } from './plan.ts';
import { seedModels } from './seeds.ts';
import { tryFile } from './try-file.ts';

/** What the parent asks for: files `from`, `from + step` … until it says stop by ending the process. */
export interface ChildTask {
  readonly from: number;
  readonly step: number;
  readonly runSeed: number;
  /** Real models, whose fields are damaged one in `largeEvery` times. */
  readonly large: readonly string[];
  readonly largeEvery: number;
}

export type ChildNews =
  /** About to try this file: the parent's watch starts anew. */
  | { readonly kind: 'trying'; readonly index: number }
  | { readonly kind: 'tally'; readonly accepted: number; readonly rejected: number; readonly rssBytes: number }
  | { readonly kind: 'broken'; readonly index: number; readonly problem: string };

const tallyEvery = 200;

process.on('message', (task: ChildTask) => work(task));

async function work(task: ChildTask): Promise<void> {
  const small = seedModels().map(seedOf);
  const large = task.large.map((path) => seedOf(readFileSync(path)));
  let tally = { accepted: 0, rejected: 0 };
  for (let index = task.from; ; index += task.step) {
    process.send?.({ kind: 'trying', index });
    tally = count(tally, attempt(fileOf(index, { task, small, large }), index));
    if ((tally.accepted + tally.rejected) % tallyEvery !== 0) continue;
    process.send?.({ kind: 'tally', ...tally, rssBytes: process.memoryUsage.rss() });
    tally = { accepted: 0, rejected: 0 };
    // Let the messages out.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

interface Files {
  readonly task: ChildTask;
  readonly small: readonly Seed[];
  readonly large: readonly Seed[];
}

function fileOf(index: number, { task, small, large }: Files): Uint8Array {
  const isLarge = large.length > 0 && index % task.largeEvery === 0;
  return damagedFile(isLarge ? large : small, index, task.runSeed);
}

function attempt(bytes: Uint8Array, index: number): 'accepted' | 'rejected' {
  try {
    return tryFile(bytes);
  } catch (error) {
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.send?.({ kind: 'broken', index, problem });
    return 'rejected';
  }
}

function count(tally: { readonly accepted: number; readonly rejected: number }, outcome: 'accepted' | 'rejected') {
  return { ...tally, [outcome]: tally[outcome] + 1 };
}
