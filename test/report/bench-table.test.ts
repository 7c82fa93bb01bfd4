import { describe, expect, it } from 'vitest';
import { benchTable } from '../../src/report/bench-table.ts';
import { gpuCase, languageCase, mixedCase, singleCase, sweepCase } from './bench-cases.ts';

const style = { color: false, width: 120 };

describe('benchTable', () => {
  it.each([
    ['sweep', sweepCase()],
    ['single', singleCase()],
    ['mixed', mixedCase()],
    ['gpu', gpuCase()],
    ['language', languageCase()],
  ])('draws the %s case', async (name, result) => {
    await expect(benchTable(result, style)).toMatchFileSnapshot(`golden/bench-${name}.txt`);
  });

  it('keeps every line of the common case, and five models, within the width', () => {
    for (const result of [sweepCase(), mixedCase()])
      for (const line of benchTable(result, style).split('\n')) expect([...line].length).toBeLessThanOrEqual(120);
  });

  it('tells what the figures of written text mean where it is asked', async () => {
    const view = { top: 10, details: false, tree: false, explain: true };
    const told = benchTable(languageCase(), { ...style, view });
    expect(told).toMatch(/^TPOT +time per output token: \(time of the request − TTFT\) \/ \(tokens − 1\)/m);
    expect(told.startsWith(benchTable(languageCase(), style).trimEnd())).toBe(false);
    const plain = benchTable(sweepCase(), style);
    expect(benchTable(sweepCase(), { ...style, view })).toBe(plain);
    await expect(told).toMatchFileSnapshot('golden/bench-language-explained.txt');
  });

  it('leaves columns out on a narrow terminal and says which', () => {
    const narrow = benchTable(sweepCase(), { color: false, width: 80 });
    expect(narrow).toContain('too narrow for:');
    expect(narrow).toContain('1st run ms');
    expect(narrow).toContain('p50 ms');
  });

  it('has ANSI codes only with color, and the same text without them', () => {
    const plain = benchTable(mixedCase(), style);
    const colored = benchTable(mixedCase(), { ...style, color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[');
    // oxlint-disable-next-line no-control-regex
    const stripped = colored.replace(/\u001b\[\d+m/g, '');
    expect(stripped.replace(/ +$/gm, '')).toBe(plain);
  });

  it('marks tails that too few runs bound, missed precision, and says a repeated warning once', () => {
    const text = benchTable(sweepCase(), style);
    expect(text).toContain('n<299');
    expect(text).toContain('±8.4 % !');
    expect(text.match(/fewer than the 299 runs/g)).toHaveLength(1);
  });
});
