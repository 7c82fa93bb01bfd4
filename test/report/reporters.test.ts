import { describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { formatsOf, loadReporter, report } from '../../src/report/reporters.ts';
import { benchSet } from '../../src/result/bench-set.ts';
import { mixedCase, singleCase, sweepCase } from './bench-cases.ts';

const style = { color: false, width: 120 };

describe('reporters', () => {
  it.each([sweepCase(), singleCase(), mixedCase()])('gives JSON that its own schema takes back whole', (result) => {
    const text = report(result, 'json', style) ?? '';
    expect(text.endsWith('}\n')).toBe(true);
    expect(benchResultSchema.parse(JSON.parse(text))).toEqual(result);
  });

  it('lists the formats of a kind, and draws each of them with a final newline', async () => {
    expect(formatsOf('doctor')).toEqual(['table', 'json', 'html']);
    for (const result of [sweepCase(), benchSet([{ path: 'a.json', result: sweepCase() }])])
      for (const format of formatsOf(result.kind)) expect((await loadReporter(format))(result, style)).toMatch(/\n$/);
    expect(formatsOf('bench')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
  });
});
