import { expect, it } from 'vitest';
import { fitsPattern } from '../../src/distill/name-pattern.ts';

it.each([
  ['fc1.weight', 'fc1.weight', true],
  ['fc1.weight', 'fc1', false],
  ['fc1.weight', 'fc1.*', true],
  ['fc1xweight', 'fc1.weight', false],
  ['layer12.conv', 'layer1?.*', true],
  ['layer1.conv', 'layer1?.*', false],
  ['a/b[0]/(c)', '*[0]/(c)', true],
  ['', '*', true],
  ['anything\nat all', '*all', true],
])('%j and %s: %s', (name, pattern, fits) => {
  expect(fitsPattern(name, pattern)).toBe(fits);
});
