import { describe, expect, it } from 'vitest';
import { cheapestOption } from '../../../src/cost/whatif/cheapest-option.ts';
import { sketchCurve, sketchOption } from './sketch-option.ts';

const missed = { obstacle: { code: 'cost-objective-missed', details: {} }, meetsSlo: false };
const curves = [sketchCurve(), sketchCurve({ modelIndex: 1 })];

describe('cheapestOption', () => {
  it('is the first of the ranked options that serves and meets the objective', () => {
    const options = [
      sketchOption(missed),
      sketchOption({ modelIndex: 1, curveIndex: 1 }),
      sketchOption({ meetsSlo: true }),
      sketchOption(),
    ];
    expect(cheapestOption(options, curves, { modelIndex: 0 })).toBe(2);
    expect(cheapestOption(options, curves, { modelIndex: 1 })).toBe(1);
    expect(cheapestOption(options, curves, { modelIndex: 7 })).toBeNull();
  });

  it('takes none that misses the objective though it serves', () => {
    expect(cheapestOption([sketchOption({ meetsSlo: false })], curves, { modelIndex: 0 })).toBeNull();
  });

  it('means the length that was measured first, or another one that is named', () => {
    const lengths = [{ seq: 512 }, { seq: 128 }, { seq: 128, past: 0 }].map((dims) => sketchCurve({ dims }));
    const options = [2, 1, 0].map((curveIndex) => sketchOption({ curveIndex }));
    expect(cheapestOption(options, lengths, { modelIndex: 0 })).toBe(2);
    expect(cheapestOption(options, lengths, { modelIndex: 0, dims: { seq: 128 } })).toBe(1);
    expect(cheapestOption(options, lengths, { modelIndex: 0, dims: { seq: 64 } })).toBe(2);
  });
});
