import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { mergeConfig } from '../../src/cli/merge-config.ts';

/** A command with two flags, parsed from words. */
function parsed(...words: string[]): Command {
  const command = new Command()
    .option('--batch <list>')
    .option('--ep <list>', '', 'cpu')
    .option('--dim <name=list>', '', (value: string, earlier: string[] = []) => [...earlier, value])
    .option('--verify');
  return command.parse(words, { from: 'user' });
}

describe('mergeConfig', () => {
  it('lets a flag win over the config, and the config over a default', () => {
    const merged = mergeConfig(parsed('--batch', '8'), { batch: 1, ep: 'cuda' });
    expect(merged).toEqual({ batch: '8', ep: 'cuda' });
  });

  it('lets a flag win that repeats its default', () => {
    expect(mergeConfig(parsed('--ep', 'cpu'), { ep: 'cuda' })).toEqual({ ep: 'cpu' });
  });

  it('keeps defaults that the config does not name', () => {
    expect(mergeConfig(parsed(), { batch: undefined })).toEqual({ ep: 'cpu' });
  });

  it('writes numbers, lists and tables as flags would have them', () => {
    const merged = mergeConfig(parsed(), {
      batch: [1, 2, '8-32*2'],
      ep: ['cpu', 'cuda'],
      verify: true,
      dim: { batch: 4, seq: [32, 128] },
    });
    expect(merged).toEqual({ batch: '1,2,8-32*2', ep: 'cpu,cuda', verify: true, dim: ['batch=4', 'seq=32,128'] });
  });

  it('replaces a table of the config by the flags of that name, as a whole', () => {
    const merged = mergeConfig(parsed('--dim', 'seq=8'), { dim: { batch: 4, seq: 32 } });
    expect(merged['dim']).toEqual(['seq=8']);
  });
});
