import { describe, expect, it } from 'vitest';
import { axisScale, doublingScale } from '../../../src/report/html/charts/axis-scale.ts';
import { formatTick } from '../../../src/report/html/charts/plot-frame.ts';
import { placeLabels, shortened } from '../../../src/report/html/charts/place-labels.ts';
import { onFrontier } from '../../../src/report/html/frontier.ts';
import { html, trusted } from '../../../src/report/html/markup.ts';
import { sortValue, sortValues } from '../../../src/report/html/sort-value.ts';
import { tableMarkup } from '../../../src/report/html/table-markup.ts';
import { formatBytes, formatMs } from '../../../src/report/units.ts';

describe('html', () => {
  it('escapes what it is given, but for markup', () => {
    expect(String(html`<p title="${`"'`}">${['<b>', null, 7, trusted('<i>'), html`<u>${'&'}</u>`]}</p>`)).toBe(
      '<p title="&quot;&#39;">&lt;b&gt;7<i><u>&amp;</u></p>',
    );
  });

  it('shows characters that HTML forbids or that turn the direction of text', () => {
    expect(String(html`${'a\u0000b\u001b[31m\u202Ec\n'}`)).toBe('a\uFFFDb\uFFFD[31m\uFFFDc\n');
  });
});

describe('sortValue', () => {
  it.each([
    ['12', 12],
    ['1,235', 1235],
    ['−0.50 pt', -0.5],
    ['±8.0 % !', 8],
    ['≈1.02x', 1.02],
    ['1.82x [1.75x, 1.90x]', 1.82],
    ['1.01x (+781 KiB)', 1.01],
    ['<= 20 ms', 20],
    [formatBytes(3 * 1024 ** 2), 3 * 1024 ** 2],
    [formatMs(0.05), 0.05],
    [formatMs(180_000), 180_000],
    ['4.00 G', 4e9],
  ])('of %s is %s', (text, value) => {
    expect(sortValue(text)).toBeCloseTo(value, 9);
  });

  it.each(['n<299', '1x3x224x224', '3b.onnx', '–', ''])('of %s is none: it is a word', (text) => {
    expect(sortValue(text)).toBeNull();
  });

  it('leaves columns of words alone', () => {
    const column = { header: ['model'], align: 'left', dropOrder: 0, cells: [{ text: '7' }, { text: 'a' }] } as const;
    expect(sortValues(column)).toEqual([null, null]);
    expect(sortValues({ ...column, align: 'right' })).toEqual([7, null]);
  });
});

describe('tableMarkup', () => {
  it('leaves out rows beyond a thousand, and says so', () => {
    const cells = Array.from({ length: 1200 }, (_, index) => ({ text: String(index) }));
    const columns = [{ header: ['a'], align: 'right', dropOrder: 0, cells }] as const;
    const text = String(tableMarkup(columns, { id: 't', label: 'Numbers', more: null }));
    expect(text.match(/<td/g)).toHaveLength(1000);
    expect(text).toContain('200 more rows are in the result file');
  });
});

describe('onFrontier', () => {
  const points = [
    { x: 1, y: 5 },
    { x: 2, y: 2 },
    { x: 3, y: 3 },
    { x: 2, y: 2 },
    { x: 4, y: 1 },
  ];

  it('keeps what nothing beats in both, equals included', () => {
    expect(onFrontier(points, 'less', 'less')).toEqual([true, true, false, true, true]);
    expect(onFrontier(points, 'more', 'less')).toEqual([false, false, false, false, true]);
  });
});

describe('axes', () => {
  it('begin at zero, and are logarithmic where values differ by more than a factor of 12', () => {
    const near = axisScale({ values: [10, 40], range: [0, 100], ticks: 5 });
    expect([near.isLog, near.at(0), near.ticks[0]]).toEqual([false, 0, 0]);
    const far = axisScale({ values: [1, 1000], range: [0, 100], ticks: 5 });
    expect(far.isLog).toBe(true);
    expect(far.at(10) - far.at(1)).toBeCloseTo(far.at(100) - far.at(10), 9);
  });

  it('are not squeezed by an interval that knows nothing', () => {
    const scale = axisScale({ values: [10, 11], bounds: [1, 1e6], range: [0, 100], ticks: 5 });
    expect(scale.at(11)).toBeGreaterThan(30);
  });

  it('of sizes are round in binary units, those of batches have each batch', () => {
    const sizes = axisScale({ values: [0, 3 * 1024 ** 2], range: [0, 100], ticks: 4, isBinary: true });
    expect(sizes.ticks.map((tick) => tick / 1024 ** 2)).toEqual([0, 1, 2, 3, 4].slice(0, sizes.ticks.length));
    expect(doublingScale([8, 1, 2, 4, 1], [0, 90])).toMatchObject({ ticks: [1, 2, 4, 8] });
    expect(doublingScale([8, 1, 2, 4, 1], [0, 90]).at(4)).toBeCloseTo(60, 9);
  });

  it('write ticks short', () => {
    expect([0.5, 20, 4000, 1234567, 0.00002, 1e12].map(formatTick)).toEqual([
      '0.5',
      '20',
      '4,000',
      '1,234,570',
      '0.00002',
      '1000000000000',
    ]);
  });
});

describe('labels', () => {
  it('drop what all names share', () => {
    const named = ['m, cpu, batch 1', 'm, cpu, batch 2'].map((text) => ({ x: 0, y: 0, text }));
    expect(shortened(named).map(({ text }) => text)).toEqual(['batch 1', 'batch 2']);
    expect(shortened(named.slice(0, 1)).map(({ text }) => text)).toEqual(['m, cpu, batch 1']);
  });

  it('never lie on one another', () => {
    const points = Array.from({ length: 9 }, (_, index) => ({
      x: 200 + index,
      y: 100 + index,
      text: `candidate ${index}`,
    }));
    const placed = placeLabels(points, { left: 0, right: 600, top: 0, bottom: 300 }).map(String);
    const spots = placed.map((label) => /x="(\d+)" y="(\d+)"/.exec(label)?.slice(1).map(Number) ?? []);
    for (const [index, [x = 0, y = 0]] of spots.entries())
      for (const [otherX = 0, otherY = 0] of spots.slice(index + 1))
        expect(Math.abs(y - otherY) >= 13 || Math.abs(x - otherX) >= 60).toBe(true);
    expect(placed.length).toBeGreaterThan(4);
  });
});
