import { describe, expect, it } from 'vitest';
import type { RoofEntry } from '../../../src/profile/roofs/roof-cache.ts';
import { findEntry, withRoofs } from '../../../src/profile/roofs/roof-cache.ts';

function entry(fingerprint: string, gflopPerSecond = 1): RoofEntry {
  const roofs = { provider: 'cpu', threads: 1, gflopPerSecond, gbPerSecond: 1, ridge: gflopPerSecond, cached: false };
  return {
    fingerprint,
    provider: 'cpu',
    threads: 1,
    precisions: [],
    roofs: { ...roofs, measuredAt: '2026-03-01T00:00:00.000Z' },
  };
}

describe('the cache of roofs', () => {
  it('keeps what it is given, and the last of the same', () => {
    let text = withRoofs(null, entry('a'));
    text = withRoofs(text, entry('b', 2));
    text = withRoofs(text, entry('a', 3));
    expect(findEntry(text, entry('a'))).toEqual(entry('a', 3));
    expect(findEntry(text, entry('b'))).toEqual(entry('b', 2));
    expect(findEntry(text, entry('c'))).toBeNull();
  });

  it('forgets the oldest of more than a hundred', () => {
    let text: string | null = null;
    for (let at = 0; at < 101; at++) text = withRoofs(text, entry(`machine ${at}`));
    expect(findEntry(text, entry('machine 0'))).toBeNull();
    expect(findEntry(text, entry('machine 1'))).not.toBeNull();
    expect(findEntry(text, entry('machine 100'))).not.toBeNull();
  });
});
