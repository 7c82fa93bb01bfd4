import { describe, expect, it } from 'vitest';
import { parseProcessorList } from '../../../src/runtime/hardware/processor-list.ts';
import { readPinning } from '../../../src/runtime/hardware/read-pinning.ts';
import { playedMachine } from './played-machine.ts';

const allowed = (list: string) => ({
  '/proc/self/status': `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\n`,
});
const siblings = (lists: readonly string[]) =>
  Object.fromEntries(
    lists.map((list, cpu) => [`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, `${list}\n`]),
  );
/** Every program starts. */
const run = () => Promise.resolve('');

describe('parseProcessorList', () => {
  it('reads what the kernel writes', () => {
    expect(parseProcessorList('0-3,8,10-11\n')).toEqual([0, 1, 2, 3, 8, 10, 11]);
    expect(parseProcessorList('7')).toEqual([7]);
  });

  it.each(['', 'all', '0-', '1,,2'])('takes %j for no list', (text) => {
    expect(parseProcessorList(text)).toBeNull();
  });
});

describe('readPinning', () => {
  it('gives one hardware thread of each core out before the second of any', async () => {
    // As Intel numbers them: 0 and 2 are one core, 1 and 3 the other.
    const files = { ...allowed('0-3'), ...siblings(['0,2', '1,3', '0,2', '1,3']) };
    expect(await readPinning(playedMachine(files, { run }))).toEqual({ possible: true, processors: [0, 1, 2, 3] });
    // Side by side: 0 and 1 are one core.
    const paired = { ...allowed('0-3'), ...siblings(['0-1', '0-1', '2-3', '2-3']) };
    expect(await readPinning(playedMachine(paired, { run }))).toEqual({ possible: true, processors: [0, 2, 1, 3] });
  });

  it('takes a sibling that this process may not use for none', async () => {
    const files = { ...allowed('1-2'), ...siblings(['0-1', '0-1', '2-3', '2-3']) };
    expect(await readPinning(playedMachine(files, { run }))).toEqual({ possible: true, processors: [1, 2] });
  });

  it('says why not', async () => {
    const mac = playedMachine({}, { platform: 'darwin', run });
    expect(await readPinning(mac)).toEqual({ possible: false, problem: 'system' });
    const bare = playedMachine(allowed('0-1'));
    expect(await readPinning(bare)).toEqual({ possible: false, problem: 'no-taskset' });
    const caged = playedMachine(allowed('0-1'), {
      run: (_, args) => Promise.resolve(args.includes('--version') ? 'taskset from util-linux 2.38' : null),
    });
    expect(await readPinning(caged)).toEqual({ possible: false, problem: 'refused' });
  });
});
