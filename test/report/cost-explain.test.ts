import { describe, expect, it } from 'vitest';
import type { CostResult } from '../../src/cost/cost-result.ts';
import { explainSections } from '../../src/report/cost-explain.ts';
import { curve, costResult, option } from './cost-cases.ts';
import { fullCase, missedCase, plainCase, tokensCase } from './cost-result-cases.ts';

/** The texts of all formulas by their labels. */
function formulas(result: CostResult): readonly (readonly [label: string, text: string])[] {
  return explainSections(result).flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.kind === 'facts' ? block.facts.map(({ label, text }) => [label, text] as const) : [],
    ),
  );
}

function textOf(result: CostResult, wanted: string): string {
  return formulas(result).find(([label]) => label === wanted)?.[1] ?? '';
}

interface Worked {
  readonly label: string;
  readonly numbers: string;
  readonly stated: number;
}

/** Every `= numbers = figure` of a text: what was put in, and what is said to come out. */
function workedOut(label: string, text: string): readonly Worked[] {
  const parts = text.split(/[;=:]/).map((part) => part.trim());
  return parts.slice(1).flatMap((part, index) => {
    const before = parts[index]?.replaceAll(',', '').replaceAll('$', '') ?? '';
    const stated = /^[$−]*([\d.,]+(?:e[+-]?\d+)?)/.exec(part)?.[1];
    const isNumbers = /[·/+−⌉]/.test(before) && /^[\d.e·/+−()⌈⌉^ ]+$/.test(before);
    return stated === undefined || !isNumbers
      ? []
      : [{ label, numbers: before, stated: Number(stated.replaceAll(',', '')) }];
  });
}

/** Sums, products, powers, roundings up: as a person would work them out. */
function value(numbers: string): number {
  const script = numbers
    .replaceAll('·', '*')
    .replaceAll('−', '-')
    .replaceAll('^', '**')
    .replaceAll('⌈', 'Math.ceil(')
    .replaceAll('⌉', ')');
  // oxlint-disable-next-line no-new-func
  return Number(new Function(`return ${script}`)());
}

const all = [plainCase(), fullCase(), missedCase(), tokensCase()].flatMap((result) =>
  formulas(result).flatMap(([label, text]) => workedOut(label, text)),
);

describe('explainSections', () => {
  it.each(all)('$label: $numbers is $stated', ({ numbers, stated }) => {
    // Numbers are put in with the digits that they are known to.
    expect(Math.abs(value(numbers) / stated - 1)).toBeLessThan(0.02);
  });

  it('works all kinds of formulas out', () => {
    const labels = new Set(all.map(({ label }) => label));
    for (const label of ['Time', 'Throughput', 'Price', 'Replicas', 'Utilization', 'Cost', 'If all busy', 'Month'])
      expect(labels).toContain(label);
    for (const label of ['Energy', 'Carbon', 'Tokens in', 'Tokens out', 'Saving', 'Route', 'API', 'Device', 'verify'])
      expect(labels).toContain(label);
  });

  it('has the golden numbers of the cost of a million', () => {
    const golden = costResult({ options: [option()] });
    expect(textOf(golden, 'Throughput')).toMatch(/= 1·8·1000 \/ \(13\.5·1\) = 592\.6 \[/);
    expect(textOf(golden, 'Cost')).toMatch(
      /^P \/ 3600 \/ \(X·u\)·1e6 = 0\.357 .* = \$0\.2789 \[0\.27\d\d, 0\.28\d\d\]/,
    );
    const single = costResult({ options: [option({ batch: 1 })] });
    expect(textOf(single, 'Throughput')).toMatch(/ = 210\.5 \[/);
    expect(textOf(single, 'Cost')).toMatch(/ = \$0\.7851 \[/);
  });

  it('puts the shares of a roofline in where they are known', () => {
    const projection = {
      reach: 'other-class',
      factor: 1.31,
      low: 0.655,
      high: 2.62,
      ratios: { compute: 1.5, memory: 1.2, overhead: 1 },
    } as const;
    const projected = option({ rest: { basis: 'projected', projection } });
    const told = textOf(costResult({ options: [projected] }), 'Factor');
    expect(told).toMatch(/= 0\.5·1\.5 \+ 0\.3·1\.2 \+ 0\.2·1 = 1\.31 \[0\.66, 2\.62\], times there over times here$/);
    const blind = costResult({ options: [projected], curves: [curve({ shares: null })] });
    expect(textOf(blind, 'Factor')).toBe('f = 1.31 [0.66, 2.62], times there over times here');
  });

  it('says what a spot price is made of, with and without a share on demand', () => {
    expect(textOf(plainCase(), 'Price')).toMatch(
      /^P = \(1 − f\)·listed \/ \(1 − k·t\/3600\) \+ f·on-demand = 0\.8·0\.1 \/ \(1 − 0\.002·300\/3600\) \+ 0\.2·0\.357 = \$0\.15/,
    );
    const [, int8] = formulas(fullCase()).filter(([label]) => label === 'Price');
    expect(int8?.[1]).toMatch(
      /^P = listed \/ \(1 − k·t\/3600\) = 0\.11 \/ \(1 − 0\.000103·300\/3600\) = \$0\.11 an hour/,
    );
  });

  it('explains the cheapest option of each model, and what comes nearest of one that nothing serves', () => {
    expect(explainSections(fullCase()).map(({ title }) => title)).toEqual([
      'How cnn.onnx on c7i.2xlarge (aws us-east-1), on-demand comes about',
      'How cnn|int8.onnx on c7i.2xlarge (aws us-east-1), spot comes about',
      'How the comparisons come about',
    ]);
    expect(explainSections(missedCase()).map(({ title }) => title)).toEqual([
      'How cnn.onnx on own machine comes about',
    ]);
    expect(explainSections(costResult({ options: [] }))).toEqual([]);
  });

  it('explains a cost without servers', () => {
    const [, serverless] = missedCase().options;
    const text = textOf({ ...missedCase(), options: serverless === undefined ? [] : [serverless] }, 'Cost');
    expect(text).toMatch(
      /^\(GB·s·\$ \+ fee\)·1e6 = \(0\.0147·\$0\.0000166667 \+ \$2e-7\)·1e6 = \$0\.44 \[0\.36, 0\.56\]/,
    );
  });
});
