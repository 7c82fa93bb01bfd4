import fc from 'fast-check';
import { describe, test } from 'vitest';
import { operatorCases } from '../reference/operator-cases.ts';
import { checkGradient } from './gradient-check.ts';

describe('gradients are those of central differences in doubles', () => {
  for (const { name, cases } of operatorCases)
    test(`${name}`, () => fc.assert(fc.asyncProperty(cases, checkGradient), { seed: 12, numRuns: 15 }));
});
