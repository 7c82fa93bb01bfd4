import { describe, expect, it } from 'vitest';
import { largestInUse } from '../../src/runtime/arena-peak.ts';

const event = (bytes: string) =>
  `{"name" :"a_kernel_time","args" : {"mem_in_use_peak" : "${bytes}","provider" : "CPU"}},\n`;

describe('the arena’s peak', () => {
  it('is the largest of all nodes and runs', () => {
    expect(largestInUse(`[\n${event('302380')}${event('553516')}${event('549932')}]`)).toBe(553_516);
  });

  it('is read from a profile that is cut off, and null where there is none', () => {
    expect(largestInUse(`[\n${event('7')}{"name" :"b_ker`)).toBe(7);
    expect(largestInUse('[]')).toBeNull();
  });
});
