import type { Value } from '../../../src/onnx/value.ts';
import type { Item, RandomBench, Step } from './random-bench.ts';

function projected(bench: RandomBench, value: Value, [from, to]: readonly [number, number]): Value {
  const made = bench.op('MatMul', [value, bench.weight([from, to], from)]);
  return bench.chance(0.7) ? bench.op('Add', [bench.weight([to], 4), made]) : made;
}

function widthOf({ dims }: Item): number {
  return dims.at(-1) ?? 1;
}

const normalized = (bench: RandomBench, from: Item): Value =>
  bench.chance(0.7)
    ? bench.op('LayerNormalization', [from.value, bench.weight([widthOf(from)], 1), bench.weight([widthOf(from)], 4)])
    : from.value;

const added = (bench: RandomBench, from: Item, branch: Value): Item => ({
  value: bench.op('Add', [from.value, branch]),
  dims: from.dims,
});

/** x Phi(x), written out as exporters do. */
function gelu(bench: RandomBench, value: Value): Value {
  const [root, one, half] = [Math.SQRT2, 1, 0.5].map((number) =>
    bench.g.constant('number', { type: 'float32', dims: [], data: Float32Array.of(number) }),
  );
  const shifted = bench.op('Add', [bench.op('Erf', [bench.op('Div', [value, root ?? null])]), one ?? null]);
  return bench.op('Mul', [bench.op('Mul', [value, shifted]), half ?? null]);
}

const feedForward: Step = (bench, from) => {
  const [width, hidden] = [widthOf(from), bench.pick([6, 10])];
  const inner = projected(bench, normalized(bench, from), [width, hidden]);
  const active = bench.chance(0.5) ? gelu(bench, inner) : bench.op('Relu', [inner]);
  return added(bench, from, projected(bench, active, [hidden, width]));
};

/** Two projections of which one gates the other: apart, or made at once and split. */
const gatedFeedForward: Step = (bench, from) => {
  const [width, hidden] = [widthOf(from), bench.pick([6, 10])];
  const x = normalized(bench, from);
  const [gate, up] = bench.chance(0.5)
    ? [projected(bench, x, [width, hidden]), projected(bench, x, [width, hidden])]
    : bench.g.ops('Split', [projected(bench, x, [width, 2 * hidden])], { outputs: 2, attributes: { axis: -1 } });
  const active = bench.op('Mul', [bench.op('Sigmoid', [gate ?? null]), gate ?? null]);
  return added(bench, from, projected(bench, bench.op('Mul', [active, up ?? null]), [hidden, width]));
};

interface Heads {
  readonly count: number;
  readonly size: number;
  readonly length: number;
  readonly batch: number;
}

/** `[batch, length, heads * size]` to `[batch, heads, length, size]`. */
function parted(bench: RandomBench, value: Value, { count, size, length, batch }: Heads): Value {
  const shape = bench.pick([
    [0, 0, count, size],
    [batch, length, count, -1],
    [0, -1, count, size],
    [0, 0, -1, size],
  ]);
  return bench.op('Transpose', [bench.op('Reshape', [value, bench.ints(shape)])], { perm: [0, 2, 1, 3] });
}

function attend(bench: RandomBench, [q, k, v]: readonly (Value | null)[], heads: Heads): Value {
  const { count, size, length, batch } = heads;
  const keys = bench.op('Transpose', [k ?? null], { perm: [0, 1, 3, 2] });
  const bias = bench.weight(
    bench.pick([
      [1, count, 1, 1],
      [length, length],
      [count, length, length],
    ]),
    4,
  );
  const scores = bench.op('Add', [bench.op('MatMul', [q ?? null, keys]), bias]);
  const mixed = bench.op('MatMul', [bench.op('Softmax', [scores], { axis: -1 }), v ?? null]);
  const turned = bench.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  const shape = bench.pick([
    [batch, length, count * size],
    [0, 0, -1],
    [0, -1, count * size],
  ]);
  return bench.op('Reshape', [turned, bench.ints(shape)]);
}

const attention: Step = (bench, from) => {
  const [batch = 1, length = 1, width = 1] = from.dims;
  const heads = { count: bench.pick([2, 3, 4]), size: bench.pick([2, 3]), length, batch };
  const inner = heads.count * heads.size;
  const x = normalized(bench, from);
  const mixed = attend(bench, queriesKeysValues(bench, x, { width, heads }), heads);
  return added(bench, from, projected(bench, mixed, [inner, width]));
};

/** Made apart, or at once and taken apart in one of the ways of exporters. */
function queriesKeysValues(
  bench: RandomBench,
  x: Value,
  { width, heads }: { readonly width: number; readonly heads: Heads },
): readonly (Value | null)[] {
  const { count, size, length, batch } = heads;
  const inner = count * size;
  const way = bench.random.integer(4);
  if (way === 0) return [0, 1, 2].map(() => parted(bench, projected(bench, x, [width, inner]), heads));
  const fused = projected(bench, x, [width, 3 * inner]);
  if (way === 1)
    return bench.g
      .ops('Split', [fused], { outputs: 3, attributes: { axis: 2 } })
      .map((value) => parted(bench, value, heads));
  if (way === 2)
    return [0, 1, 2].map((part) => {
      const bounds = [[part * inner], [(part + 1) * inner], [-1]].map((list) => bench.ints(list));
      return parted(bench, bench.op('Slice', [fused, ...bounds]), heads);
    });
  const apart = bench.op('Reshape', [fused, bench.ints([batch, length, 3, count, size])]);
  const turned = bench.op('Transpose', [apart], { perm: [2, 0, 3, 1, 4] });
  return [0, 1, 2].map((part) =>
    bench.op('Gather', [
      turned,
      bench.g.constant('part', { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(part)) }),
    ]),
  );
}

/** Each head of keys and values serves two of the queries. */
const groupedAttention: Step = (bench, from) => {
  const [batch = 1, length = 1, width = 1] = from.dims;
  const [shared, size] = [bench.pick([2, 3]), 2];
  const heads = { count: 2 * shared, size, length, batch };
  const x = normalized(bench, from);
  const q = parted(bench, projected(bench, x, [width, 2 * shared * size]), heads);
  const [k, v] = [0, 1].map(() => {
    const own = parted(bench, projected(bench, x, [width, shared * size]), { ...heads, count: shared });
    const wide = bench.op('Unsqueeze', [own, bench.ints([2])]);
    const repeated = bench.chance(0.5)
      ? bench.op('Expand', [wide, bench.ints([batch, shared, 2, length, size])])
      : bench.op('Tile', [wide, bench.ints([1, 1, 2, 1, 1])]);
    return bench.op('Reshape', [repeated, bench.ints([batch, 2 * shared, length, size])]);
  });
  return added(
    bench,
    from,
    projected(bench, attend(bench, [q, k ?? null, v ?? null], heads), [2 * shared * size, width]),
  );
};

const linear: Step = (bench, from) => {
  const to = bench.pick([4, 6, 8]);
  const value = bench.op(bench.pick(['Relu', 'Tanh']), [projected(bench, from.value, [widthOf(from), to])]);
  return { value, dims: [...from.dims.slice(0, -1), to] };
};

/** Attention of one head without parts: what queries and keys are compared by goes together. */
const singleHead: Step = (bench, from) => {
  const [width, size] = [widthOf(from), bench.pick([3, 5])];
  const [q, k, v] = [0, 1, 2].map(() => projected(bench, from.value, [width, size]));
  const scores = bench.op('MatMul', [q ?? null, bench.op('Transpose', [k ?? null], { perm: [0, 2, 1] })]);
  const mixed = bench.op('MatMul', [bench.op('Softmax', [scores], { axis: -1 }), v ?? null]);
  return added(bench, from, projected(bench, mixed, [size, width]));
};

export const sequenceSteps: readonly Step[] = [
  feedForward,
  gatedFeedForward,
  attention,
  attention,
  groupedAttention,
  linear,
  singleHead,
];
