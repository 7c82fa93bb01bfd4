import { expect, test, vi } from 'vitest';
import type { GradientRules } from '../../../src/compute/training/gradient-rule.ts';
import type { OperatorCase } from '../reference/operator-case.ts';
import { draw } from '../reference/operator-case.ts';
import { checkGradient } from './gradient-check.ts';

/** One rule is wrong by one part in a thousand, another is missing. */
vi.mock('../../../src/compute/training/gradient-rules.ts', async (original) => {
  const { gradientRules } = await original<{ readonly gradientRules: GradientRules }>();
  const spoiled = new Map(gradientRules);
  spoiled.set('Tanh', {
    back: (view) =>
      view.give(0, () =>
        view.e.mul(
          view.e.sub(view.e.scalar(1), view.e.mul(view.output(0), view.output(0))),
          view.e.mul(view.gradient(), 1.001),
        ),
      ),
  });
  spoiled.delete('Exp');
  return { gradientRules: spoiled };
});

function caseOf(op: string): OperatorCase {
  return {
    seed: 1,
    draw: (random) => ({ x: draw(random, [3, 4]) }),
    build: (g, input) => [g.op(op, [input('x')])],
  };
}

test('the check lets pass what is right and nothing else', async () => {
  await checkGradient(caseOf('Sigmoid'));
  await expect(checkGradient(caseOf('Tanh'))).rejects.toThrow('ratio');
  await expect(checkGradient(caseOf('Exp'))).rejects.toThrow('Exp: it has no gradient rule');
});
