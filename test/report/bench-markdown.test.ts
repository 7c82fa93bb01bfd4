import { describe, expect, it } from 'vitest';
import { benchMarkdown } from '../../src/report/bench-markdown.ts';
import { gpuCase, languageCase, mixedCase, singleCase, sweepCase } from './bench-cases.ts';
import { benchResult, okPoint } from './fixture-bench-result.ts';

describe('benchMarkdown', () => {
  it.each([
    ['sweep', sweepCase()],
    ['single', singleCase()],
    ['mixed', mixedCase()],
    ['gpu', gpuCase()],
    ['language', languageCase()],
  ])('writes the %s case', async (name, result) => {
    await expect(benchMarkdown(result)).toMatchFileSnapshot(`golden/bench-${name}.md`);
  });

  it('keeps a name full of markup from breaking the table', () => {
    const models = ['a|b*c.onnx', 'x_y`z.onnx'];
    const text = benchMarkdown(
      benchResult(models, [okPoint(models, { p50: 1 }), okPoint(models, { modelIndex: 1, p50: 2 })]),
    );
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    const bars = table.map((line) => line.replaceAll(String.raw`\|`, '').split('|').length);
    expect(new Set(bars).size).toBe(1);
    expect(text).toContain(String.raw`a\|b\*c.onnx`);
  });
});
