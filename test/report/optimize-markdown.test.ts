import { describe, expect, it } from 'vitest';
import { optimizeMarkdown } from '../../src/report/optimize-markdown.ts';
import { differentCase, measuredCase, untouchedCase } from './optimize-cases.ts';

const style = { color: false, width: 120 };

describe('optimizeMarkdown', () => {
  it.each([
    ['measured', measuredCase()],
    ['different', differentCase()],
    ['untouched', untouchedCase()],
  ])('draws the %s case', async (name, result) => {
    await expect(optimizeMarkdown(result, style)).toMatchFileSnapshot(`golden/optimize-${name}.md`);
  });

  it('keeps names from turning into markup', () => {
    const text = optimizeMarkdown(measuredCase(), style);
    expect(text).toContain('cls\\|clean.onnx');
    expect(text).not.toMatch(/[^\\]\|clean/);
  });
});
