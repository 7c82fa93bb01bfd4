import { describe, expect, it } from 'vitest';
import { distillResultSchema } from '../../src/distill/distill-result.ts';
import type { DistillWarningDetails } from '../../src/distill/distill-warning.ts';
import { distillCsv } from '../../src/report/distill-csv.ts';
import { distillMarkdown } from '../../src/report/distill-markdown.ts';
import { distillTable } from '../../src/report/distill-table.ts';
import { lossReasonText } from '../../src/report/messages/distill-messages.ts';
import { describeFinding } from '../../src/report/messages/message.ts';
import { report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { lossReasons } from '../../src/distill/loss-kind.ts';
import { parseCsv } from './csv-parser.ts';
import { betterCase, fullCase, interruptedCase, worseCase } from './distill-cases.ts';

const style = { color: false, width: 110 };

const cases = [
  ['better', betterCase()],
  ['full', fullCase()],
  ['worse', worseCase()],
  ['interrupted', interruptedCase()],
] as const;

describe('the table', () => {
  it.each(cases)('draws the %s case', async (name, result) => {
    expect(distillResultSchema.parse(result)).toEqual(result);
    await expect(distillTable(result, style)).toMatchFileSnapshot(`golden/distill-${name}.txt`);
  });

  it('shows the last epochs and the best one, with details all of them', () => {
    const shown = (details: boolean) =>
      distillTable(fullCase(), { ...style, view: { ...usualView, details } }).match(/^ *(best )?\d+ +\d+ +[\d.]+ /gm);
    expect(shown(false)).toHaveLength(11);
    expect(distillTable(fullCase(), style)).toContain('… 3 more epochs');
    expect(shown(true)).toHaveLength(14);
  });

  it('has ANSI codes only with color', () => {
    expect(distillTable(fullCase(), style)).not.toContain('\u001B');
    expect(distillTable(fullCase(), { ...style, color: true })).toContain('\u001B[');
  });
});

describe('other formats', () => {
  it('Markdown says the same', async () => {
    await expect(distillMarkdown(fullCase(), style)).toMatchFileSnapshot('golden/distill-full.md');
  });

  it('CSV has a record an epoch', () => {
    const [header = [], ...records] = parseCsv(distillCsv(fullCase()));
    expect(records).toHaveLength(14);
    const second = Object.fromEntries(header.map((name, index) => [name, records[1]?.[index]]));
    expect(second).toMatchObject({ epoch: '2', metricName: 'accuracy', best: 'true', metric: '0.9', data: 'a|b.npz' });
  });

  it('JSON comes back whole', () => {
    expect(distillResultSchema.parse(JSON.parse(report(fullCase(), 'json', style) ?? ''))).toEqual(fullCase());
  });
});

describe('sentences', () => {
  it('there is one for every warning that can be', () => {
    const told = fullCase().warnings;
    const codes: Readonly<Record<keyof DistillWarningDetails, true>> = {
      'inputs-by-position': true,
      'outputs-by-position': true,
      'outputs-left-out': true,
      'batch-reduced': true,
      'gradient-blocked': true,
      'parameters-unused': true,
      'distill-labels-unused': true,
      'normalization-frozen': true,
      'improvement-unclear': true,
      'training-diverged': true,
    };
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(Object.keys(codes)));
    for (const warning of told) expect(describeFinding(warning)).not.toMatch(/[{}]|undefined|\.$/);
  });

  it('and one for every reason of a loss; a code of another version stands for itself', () => {
    for (const reason of lossReasons) expect(lossReasonText(reason)).not.toBe(reason);
    expect(lossReasonText('phase-of-the-moon')).toBe('phase-of-the-moon');
  });
});
