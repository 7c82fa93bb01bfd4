import fc from 'fast-check';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw, shapes } from '../operator-case.ts';
import type { AxisSpec } from './window-specs.ts';
import { autoPads, spatialAxes, windowSpec } from './window-specs.ts';

function pool(op: string, more: fc.Arbitrary<Readonly<Record<string, number>>>): OperatorCases {
  const specs = fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    channels: fc.integer({ min: 1, max: 2 }),
    axes: spatialAxes(),
    autoPad: autoPads,
    ceil_mode: fc.nat(1),
    more,
  });
  return casesOf(op, specs, ({ batch, channels, axes, autoPad, ceil_mode, more }) => {
    const { lengths, attributes: window } = windowSpec(axes, autoPad);
    const isCeil = ceil_mode === 1 && autoPad === 'NOTSET' && axes.every(keepsLastWindow);
    const attributes = { ...window, ...(isCeil ? { ceil_mode } : {}), ...more };
    return {
      draw: (random) => ({ x: draw(random, [batch, channels, ...lengths]) }),
      build: (g, input) => [g.op(op, [input('x')], { attributes })],
    };
  });
}

/** Where the last window begins behind the axis, the runtime leaves it out, which onnx tells only from opset 22 on. */
function keepsLastWindow({ length, kernel, stride, dilation, before, after }: AxisSpec): boolean {
  const places = Math.ceil((length + before + after - (kernel - 1) * dilation - 1) / stride) + 1;
  return (places - 1) * stride < length + before;
}

function globalPool(op: string): OperatorCases {
  return casesOf(op, fc.record({ dims: shapes({ minRank: 3, maxRank: 5, maxLength: 3 }) }), ({ dims }) => ({
    draw: (random) => ({ x: draw(random, dims) }),
    build: (g, input) => [g.op(op, [input('x')])],
  }));
}

export const poolingCases: readonly OperatorCases[] = [
  pool('MaxPool', fc.constant({})),
  pool('AveragePool', fc.record({ count_include_pad: fc.nat(1) })),
  globalPool('GlobalAveragePool'),
  globalPool('GlobalMaxPool'),
];
