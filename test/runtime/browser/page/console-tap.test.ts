import { describe, expect, it } from 'vitest';
import { tapConsole } from '../../../../src/runtime/browser/page/console-tap.ts';

describe('tapConsole', () => {
  it('keeps what is written while it is asked to, and lets nothing through', () => {
    const through: unknown[] = [];
    const write = (...words: unknown[]) => void through.push(words);
    const console = { log: write, info: write, warn: write, error: write, debug: write };
    const tap = tapConsole(console);
    // A runtime remembers the method that it finds.
    const { error } = console;
    error('before');
    const lines = tap.collect();
    error('placed', 3);
    console.warn('too');
    tap.stopCollecting();
    error('after');
    expect(lines).toEqual(['placed 3', 'too']);
    expect(through).toEqual([]);
  });
});
