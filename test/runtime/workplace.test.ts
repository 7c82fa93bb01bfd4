import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { thisWorkplace } from '../../src/runtime/workplace.ts';

const { owner, isGone, temporaryFolder, onExit } = thisWorkplace();
const host = owner.split('-')[1] ?? '';

describe('thisWorkplace', () => {
  it('names this process in characters that any file system takes', () => {
    expect(owner).toMatch(/^\d+-[0-9a-f]{8}$/);
    expect(existsSync(temporaryFolder)).toBe(true);
  });

  it('tells whether a process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    expect(isGone(`${pid}-${host}`)).toBe(true);
    expect(isGone(owner)).toBe(false);
    expect(isGone(`1-${host}`)).toBe(false);
  });

  it('takes nothing for gone that it cannot know', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const other of [`${pid}-00000000`, `${pid}`, `x${pid}-${host}`, `-${host}`, ''])
      expect(isGone(other)).toBe(false);
  });

  it('calls back once the process ends, unless taken back', () => {
    const calls: string[] = [];
    const before = process.listeners('exit');
    onExit(() => calls.push('kept'))();
    onExit(() => calls.push('first'));
    onExit(() => calls.push('second'));
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(added.length).toBe(1);
    for (const listener of added) {
      listener(0);
      process.off('exit', listener);
    }
    expect(calls).toEqual(['first', 'second']);
  });
});
