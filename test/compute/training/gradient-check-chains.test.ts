import fc from 'fast-check';
import { test } from 'vitest';
import { GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { casesOf, draw } from '../reference/operator-case.ts';
import { checkGradient } from './gradient-check.ts';
import { writeChain } from './random-chain.ts';

const { cases } = casesOf(
  'chain',
  fc.record({ seed: fc.nat(), steps: fc.integer({ min: 5, max: 15 }) }),
  ({ seed, steps }) => ({
    draw: (random) => {
      const shapes = new Map<string, readonly number[]>();
      const g = new GraphBuilder();
      const input = (name: string, dims: readonly number[]) => {
        shapes.set(name, dims);
        return g.input(name, 'float32', dims);
      };
      writeChain(g, { seed, steps, input });
      return Object.fromEntries([...shapes].map(([name, dims]) => [name, draw(random, dims, [-1, 1])]));
    },
    build: (g, input) => writeChain(g, { seed, steps, input }),
  }),
);

test('gradients go back through chains of operators with values read twice and unread', () =>
  fc.assert(fc.asyncProperty(cases, checkGradient), { seed: 7, numRuns: 30 }));
