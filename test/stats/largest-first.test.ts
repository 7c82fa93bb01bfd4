import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestFirst, type Observation } from '../../src/stats/largest-first.ts';

function readAll(next: () => Observation | undefined): Observation[] {
  const read: Observation[] = [];
  for (let observation = next(); observation !== undefined; observation = next()) read.push(observation);
  return read;
}

describe('largestFirst', () => {
  it('reads every value once, falling, with the block it is from', () => {
    const blocks = fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 30 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(blocks, (blocks) => {
        const read = readAll(largestFirst(blocks));
        expect(read.map(({ value }) => value)).toEqual(blocks.flat().toSorted((a, b) => b - a));
        for (const [index, block] of blocks.entries()) {
          const own = read.filter((observation) => observation.block === index).map(({ value }) => value);
          expect(own).toEqual(block.toSorted((a, b) => b - a));
        }
      }),
    );
  });
});
