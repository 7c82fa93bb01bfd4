import { describe, expect, it } from 'vitest';
import { optimizeResultSchema } from '../../src/optimize/optimize-result.ts';
import { optimizeTable } from '../../src/report/optimize-table.ts';
import { usualView } from '../../src/report/view.ts';
import { cleanedCase, compared, differentCase, measuredCase, untouchedCase } from './optimize-cases.ts';

const style = { color: false, width: 120 };

describe('optimizeTable', () => {
  it.each([
    ['cleaned', cleanedCase()],
    ['measured', measuredCase()],
    ['different', differentCase()],
    ['untouched', untouchedCase()],
  ])('draws the %s case', async (name, result) => {
    expect(optimizeResultSchema.parse(result)).toEqual(result);
    await expect(optimizeTable(result, style)).toMatchFileSnapshot(`golden/optimize-${name}.txt`);
  });

  it('shows the operators that changed most, and with details all of them', () => {
    const counts = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`Op${i}`, i + 1]));
    const result = cleanedCase({
      before: { ...cleanedCase().before, operators: { ...counts, Same: 4 } },
      after: { ...cleanedCase().after, operators: { Same: 4 } },
    });
    const shown = (details: boolean) =>
      optimizeTable(result, { ...style, view: { ...usualView, details } }).match(/^ {2}\w+(?= +\d)/gm) ?? [];
    expect(shown(false).map((name) => name.trim())).toEqual(Array.from({ length: 8 }, (_, i) => `Op${11 - i}`));
    expect(shown(true)).toHaveLength(13);
    expect(shown(true).at(-1)?.trim()).toBe('Same');
  });

  it('says what is not known instead of a number', () => {
    const text = optimizeTable(measuredCase(), style);
    expect(text).toMatch(/^MACs +16,315,376 +-$/m);
    expect(optimizeTable(differentCase(), style)).toMatch(/^file +565 KiB +-$/m);
  });

  it('tells of a model that does not run, and of an interrupted measurement', () => {
    const failure = { code: 'model-rejected', details: { path: 'the rewritten model', problem: 'no' } };
    const verification = compared({ status: 'different', outputs: [], failure });
    const broken = cleanedCase({ ok: false, output: null, verification });
    expect(optimizeTable(broken, style)).toMatch(
      /^Outputs +the optimized model does not run: the rewritten model: onn/m,
    );
    expect(optimizeTable(cleanedCase({ interrupted: true }), style)).toMatch(/^Speedup +not measured: interrupted$/m);
    const half = { ...measuredCase(), interrupted: true };
    expect(optimizeTable(half, style)).toMatch(/^Speedup +1\.31x .*\(interrupted\)$/m);
  });

  it('has ANSI codes only with color', () => {
    expect(optimizeTable(measuredCase(), style)).not.toContain('\u001B');
    expect(optimizeTable(measuredCase(), { ...style, color: true })).toContain('\u001B[');
  });
});
