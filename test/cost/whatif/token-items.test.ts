import { describe, expect, it } from 'vitest';
import { generatedItems, itemsOfCalls } from '../../../src/cost/whatif/token-items.ts';
import { exact } from './sketch-option.ts';

const call = { reads: true, writes: true };
const oneRun = { perCall: 1, perInputToken: 0, perOutputToken: 0 };

describe('generatedItems', () => {
  it('takes a token written as the item where one was measured at a time', () => {
    const tokens = { inputPerSecond: exact(5000), outputPerSecond: exact(50), prompt: 0, generated: 1 };
    expect(generatedItems(tokens)).toEqual({ perCall: 0, perInputToken: expect.closeTo(0.01, 12), perOutputToken: 1 });
  });

  it('takes a whole answer as the item where that was measured', () => {
    // 0.1 s for the prompt and 2.4 s for the answer.
    const tokens = { inputPerSecond: exact(1000), outputPerSecond: exact(50), prompt: 100, generated: 120 };
    const items = generatedItems(tokens);
    expect(100 * items.perInputToken + 120 * items.perOutputToken).toBeCloseTo(1, 12);
    expect(items.perOutputToken).toBeCloseTo(0.02 / 2.5, 12);
  });

  it('reads no slower than it writes where reading was not measured', () => {
    const tokens = { inputPerSecond: null, outputPerSecond: exact(50), prompt: 0, generated: 1 };
    expect(generatedItems(tokens)).toEqual({ perCall: 0, perInputToken: 1, perOutputToken: 1 });
  });

  it('answers a call with one run of any other model', () => {
    expect(generatedItems(null)).toEqual(oneRun);
    expect(generatedItems({ inputPerSecond: exact(5000), outputPerSecond: null, prompt: 128, generated: 0 })).toEqual(
      oneRun,
    );
  });
});

describe('itemsOfCalls', () => {
  const encoder = { inputPerSecond: exact(5000), outputPerSecond: null, prompt: 128, generated: 0 };

  it('runs an encoder over the tokens that are told', () => {
    expect(itemsOfCalls(encoder, { reads: true, writes: false })).toEqual({
      perCall: 0,
      perInputToken: 1 / 128,
      perOutputToken: 0,
    });
  });

  it('runs once where none are told, or the model knows none', () => {
    expect(itemsOfCalls(encoder, { reads: false, writes: false })).toEqual(oneRun);
    expect(itemsOfCalls(null, call)).toEqual(oneRun);
    expect(itemsOfCalls(encoder, { reads: false, writes: true })).toEqual(oneRun);
  });
});
