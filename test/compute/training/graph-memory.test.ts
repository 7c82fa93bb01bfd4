import { describe, expect, it } from 'vitest';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { graphMemory } from '../../../src/compute/training/graph-memory.ts';
import { floats } from '../../../src/onnx/graph-builder.ts';

describe('graphMemory', () => {
  it('lets values go behind their last reader', () => {
    const e = new Expressions();
    const x = e.input('x', 'float32', [100]);
    // a and b live together, then b and c, then c and what is returned: never three of them.
    const a = e.exp(x);
    const b = e.exp(a);
    const c = e.exp(b);
    e.output(e.exp(c), 'y');
    expect(graphMemory(e)).toEqual({ activationBytes: 800, inputBytes: 400, outputBytes: 400, constantBytes: 0 });
  });

  it('keeps a value that is read late, as a gradient does', () => {
    const e = new Expressions();
    const x = e.input('x', 'float32', [100]);
    const a = e.exp(x);
    const c = e.exp(e.exp(a));
    e.output(e.mul(c, a), 'y');
    expect(graphMemory(e).activationBytes).toBe(1200);
  });

  it('counts nothing that no output needs', () => {
    const e = new Expressions();
    const x = e.input('x', 'float32', [10]);
    const unread = e.input('unread', 'float32', [1000]);
    const used = e.constant(
      floats(
        [10],
        Array.from({ length: 10 }, () => 1),
      ),
    );
    e.exp(
      e.add(
        unread,
        e.constant(
          floats(
            [1000],
            Array.from({ length: 1000 }, () => 1),
          ),
        ),
      ),
    );
    e.output(e.add(x, used), 'y');
    expect(graphMemory(e)).toEqual({ activationBytes: 0, inputBytes: 40, outputBytes: 40, constantBytes: 40 });
  });

  it('grows with the batch', () => {
    const peak = (batch: number) => {
      const e = new Expressions();
      const y = e.exp(e.matmul(e.input('x', 'float32', [batch, 8]), e.input('w', 'float32', [8, 4])));
      e.output(e.sumAll(y), 'loss');
      return graphMemory(e).activationBytes;
    };
    expect(peak(20)).toBe(10 * peak(2));
  });
});
