import { afterAll, describe, expect, it } from 'vitest';
import { encodeText } from '../../fixtures/text/characters.ts';
import { isPromptFile, readPrompts } from '../../src/data/read-prompts.ts';
import { loadTokenizer } from '../../src/data/tokenizer.ts';
import { fixturePath } from '../fixtures/read-fixture.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const tokenizer = await loadTokenizer(fixturePath('text/tokenizer.json'));
const options = { tokenizer: null, limit: 10 };

describe('readPrompts', () => {
  it('reads token ids and texts, row by row', async () => {
    const path = files.write('p.jsonl', '{"ids":[1,2,3]}\n\n{"text":" Tom ran","label":1}\r\n');
    const rows = await readPrompts(path, { ...options, tokenizer });
    expect(rows.map(({ ids }) => ids)).toEqual([[1, 2, 3], encodeText(' Tom ran')]);
    expect(rows[1]?.origin).toBe(`${path} row 2`);
  });

  it('reads the lines of a text, their last spaces with them', async () => {
    const path = files.write('p.txt', 'Tom \r\nRosa ran\n');
    const rows = await readPrompts(path, { ...options, tokenizer });
    expect(rows.map(({ ids }) => ids)).toEqual([encodeText('Tom '), encodeText('Rosa ran')]);
  });

  it('reads no more rows than are wanted', async () => {
    expect(await readPrompts(fixturePath('text/test.jsonl'), { ...options, limit: 3 })).toHaveLength(3);
  });

  it.each([
    ['{"ids":[1,-2]}', 'its "ids" hold -2, which is no token id'],
    ['{"ids":[1.5]}', 'hold 1.5'],
    ['{"ids":["a"]}', 'hold "a"'],
    ['{"ids":[]}', 'it has no tokens to go on from'],
    ['{"inputs":{}}', 'it has neither a "text" nor "ids"'],
    ['[1,2]', 'it has neither a "text" nor "ids"'],
    ['{"ids":', 'it is no JSON'],
    ['\n \n', 'there are no rows in it'],
  ])('refuses %j', async (content, problem) => {
    const path = files.write('bad.jsonl', content);
    await expect(readPrompts(path, options)).rejects.toMatchObject({
      name: 'DataError',
      code: 'data-malformed',
      details: { problem: expect.stringContaining(problem) },
    });
  });

  it('needs a tokenizer for texts', async () => {
    const path = files.write('t.jsonl', '{"text":"Tom"}');
    await expect(readPrompts(path, options)).rejects.toMatchObject({
      code: 'missing-argument',
      details: { flag: '--tokenizer' },
    });
  });

  it('refuses files that are not there', async () => {
    await expect(readPrompts(`${files.folder}/none.jsonl`, options)).rejects.toMatchObject({ code: 'file-missing' });
  });
});

it('knows files of prompts by their endings', () => {
  expect(['a.jsonl', 'b.TXT', 'c.npz', 'folder'].map(isPromptFile)).toEqual([true, true, false, false]);
});
