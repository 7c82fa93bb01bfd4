import { expect, it } from 'vitest';
import { moreText } from '../../src/report/more-text.ts';
import { shapeCell } from '../../src/report/shape-cell.ts';
import { shortName } from '../../src/report/short-name.ts';
import { formatMagnitude } from '../../src/report/units.ts';

it.each([
  ['short', 10, 'short'],
  ['0123456789', 10, '0123456789'],
  ['0123456789A', 10, '01234…789A'],
  ['a\nb\u001B\u2028', 10, 'a?b??'],
  // Whole characters, not halves of pairs.
  ['🙂'.repeat(6), 5, '🙂🙂…🙂🙂'],
])('cuts %j to %d characters', (name, longest, text) => expect(shortName(name, longest)).toBe(text));

it('is quick about names of megabytes', () => {
  const name = `start${'x'.repeat(2 ** 26)}end`;
  expect(shortName(name, 11)).toBe('start…xxend');
});

it.each([
  [null, 'any shape'],
  [[], 'scalar'],
  [[1, 'n', null, ''], '[1, n, ?, ?]'],
  [Array.from({ length: 9 }, () => 1), '[1, 1, 1, 1, 1, 1, 1, 1, …]'],
])('writes the shape %j', (shape, text) => expect(shapeCell(shape)).toBe(text));

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.00 k'],
  [999_600, '1.00 M'],
  [4_089_184_256, '4.09 G'],
  [1e19, '10,000 P'],
])('writes %d as %s', (n, text) => expect(formatMagnitude(n)).toBe(text));

it('tells what was left out', () => {
  expect(moreText({ of: 3, shown: 3, noun: 'layer' })).toBeNull();
  expect(moreText({ of: 4, shown: 3, noun: 'layer' })).toBe('… 1 more layer');
  expect(moreText({ of: 1003, shown: 3, noun: 'layer' })).toBe('… 1,000 more layers');
});
