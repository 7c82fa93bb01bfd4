import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder, longs, type OpOptions } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { PruneGroup } from '../../../src/prune/groups/prune-group.ts';
import { noise } from '../../quantize/rewrite/run-models.ts';
import { type CaseOptions, compareRemoval, everyOther, type GroupCase, groupCase } from './group-case.ts';

type Attributes = NonNullable<OpOptions['attributes']>;

/** Writes small networks of noise; the names of nodes are those of the tests. */
export class SmallNet {
  readonly g = new GraphBuilder();
  readonly #feeds: Record<string, NamedTensors[string]> = {};
  #made = 0;

  input(dims: readonly number[], name = 'x'): Value {
    this.#feeds[name] = noise(dims, 1000 + this.#made++);
    return this.g.input(name, 'float32', dims);
  }

  weight(dims: readonly number[], scale = 0.4): Value {
    return this.g.constant('w', noise(dims, this.#made++, scale));
  }

  ints(...values: readonly number[]): Value {
    return this.g.constant('n', longs(values));
  }

  number(value: number): Value {
    return this.g.constant('number', { type: 'float32', dims: [], data: Float32Array.of(value) });
  }

  op(name: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    return this.g.op(name.split('.')[0] ?? name, inputs, { attributes, name, as: name });
  }

  conv(name: string, x: Value, dims: readonly number[], attributes: Attributes = {}): Value {
    const pad = (dims[2] ?? 1) >> 1;
    const inputs = [x, this.weight(dims), this.weight([dims[0] ?? 1])];
    return this.g.op('Conv', inputs, { name, as: name, attributes: { pads: [pad, pad, pad, pad], ...attributes } });
  }

  linear(name: string, x: Value, dims: readonly number[]): Value {
    return this.g.op('MatMul', [x, this.weight(dims)], { name, as: name });
  }

  /** Returns a value and finds the groups of all that was written. */
  find(
    output: Value,
    options: CaseOptions & { readonly opset?: number; readonly opsets?: Readonly<Record<string, number>> } = {},
  ): Promise<GroupCase> {
    this.g.output(output, 'y', tensorType('float32'));
    const { opset = 17, opsets = {} } = options;
    return groupCase(this.g.model({ opset, opsets }), this.#feeds, options);
  }
}

/** A group in a line: `conv1 channels x8 conv1,conv2 > conv3 | normalized@norm`. */
export function told({ name, kind, units, producers, consumers, locks }: PruneGroup): string {
  const ends = [producers, consumers].map((places) => [...new Set(places.map(({ node }) => node))].join(','));
  const why = locks.map(({ reason, node }) => ` | ${reason}@${node}`);
  return `${name} ${kind} x${units} ${ends.join(' > ')}${why.join('')}`;
}

/** How far removing every other unit is from masking them, as a share of the largest output; Infinity if nothing goes. */
export async function apartOf(found: GroupCase): Promise<number> {
  const { apart, kept } = await compareRemoval(found, everyOther(found));
  return kept < 1 ? apart : Infinity;
}
