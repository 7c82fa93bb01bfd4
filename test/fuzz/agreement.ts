import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { seedOf } from './mutate.ts';
import { damagedFile } from './plan.ts';
import { seedModels } from './seeds.ts';
import { tryFile } from './try-file.ts';

export type Verdict = 'loaded' | 'rejected' | 'invalid-protobuf' | 'died';

/** onnxruntime's judgment of files, one after another, in children that may die of them. */
class Judge {
  #child: ChildProcess | null = null;

  judge(bytes: Uint8Array): Promise<Verdict> {
    const child = (this.#child ??= fork(new URL('judge-child.js', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }));
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const settle = (verdict: Verdict) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (verdict === 'died') this.#child = null;
        resolve(verdict);
      };
      child.once('message', (verdict: Verdict) => settle(verdict));
      child.once('exit', () => settle('died'));
      child.send(bytes);
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
  }
}

/** Loads `count` damaged files in onnxruntime too. Returns how many it calls no protobuf although we accept them. */
export async function agreement(count: number, runSeed: number): Promise<number> {
  const seeds = seedModels().map(seedOf);
  const judge = new Judge();
  const tally: Record<`${'accepted' | 'rejected'} ${Verdict}`, number> = {
    'accepted loaded': 0,
    'accepted rejected': 0,
    'accepted invalid-protobuf': 0,
    'accepted died': 0,
    'rejected loaded': 0,
    'rejected rejected': 0,
    'rejected invalid-protobuf': 0,
    'rejected died': 0,
  };
  for (let index = 0; index < count; index++) {
    const bytes = damagedFile(seeds, index, runSeed);
    const verdict = await judge.judge(bytes);
    const key = `${tryFile(bytes)} ${verdict}` as const;
    tally[key]++;
    if (key === 'accepted invalid-protobuf') console.log(`DISAGREE file ${index}: onnxruntime says it is no protobuf`);
  }
  judge.close();
  console.log(`agreement with onnxruntime over ${count} files (ours, its): ${JSON.stringify(tally)}`);
  return tally['accepted invalid-protobuf'];
}
