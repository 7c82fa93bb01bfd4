import { describe, expect, it } from 'vitest';
import { seedOf } from './mutate.ts';
import { damagedFile } from './plan.ts';
import { seedModels } from './seeds.ts';
import { tryFile } from './try-file.ts';

const files = 2000;
const mostMemoryBytes = 2 ** 30;

describe('damaged files', () => {
  it('the undamaged ones are accepted', () => {
    for (const bytes of seedModels()) expect(tryFile(bytes)).toBe('accepted');
  });

  it(`${files} of them are accepted or told to be unusable, never more`, { timeout: 120_000 }, () => {
    const seeds = seedModels().map(seedOf);
    const outcomes = { accepted: 0, rejected: 0 };
    for (let index = 0; index < files; index++) outcomes[tryFile(damagedFile(seeds, index, 1))]++;
    // Damage that is never noticed, or always, would prove nothing.
    expect(outcomes.accepted).toBeGreaterThan(files / 100);
    expect(outcomes.rejected).toBeGreaterThan(files / 4);
    expect(process.memoryUsage.rss()).toBeLessThan(mostMemoryBytes);
  });
});
