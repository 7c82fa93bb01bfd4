import { Layers } from '../../../fixtures/training/layers.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';

export interface TransformerSpec {
  /** Which layers it has, by number: a layer's weights are the same whatever stands beside it. */
  readonly layers: readonly number[];
  readonly norm?: 'pre' | 'post' | 'rms';
  /** A norm behind the embedding, as BERT has one. */
  readonly embeddingNorm?: boolean;
  /** Attention and network beside each other: `two sums` adds one after the other, as GPT-J exports do. */
  readonly halves?: 'sequential' | 'one sum' | 'two sums';
  /** Inputs `past.N` and outputs `present.N`. */
  readonly cache?: 'none' | 'in and out' | 'out';
  /** Returns the stream behind every layer as `hidden.N`. */
  readonly returnsHidden?: boolean;
}

export const width = 8;
const heads = 2;

/**
 * A small transformer: `x` f32['batch','seq',8] and `mask` f32['batch',1,1,'seq'] to `y`. Its lengths come from the
 * input, as exporters write it, and it has a learned position for each of at most 16 tokens.
 */
export function transformer(spec: TransformerSpec): Model {
  const { layers: numbers, norm = 'pre', embeddingNorm = norm === 'post', cache = 'none' } = spec;
  const l = new Layers('transformer', 1);
  const x = l.g.input('x', 'float32', ['batch', 'seq', width]);
  const given = l.g.input('mask', 'float32', ['batch', 1, 1, 'seq']);
  const mask = l.node('Mul', 'mask', [given, l.scalar('mask.least', -100)]);
  const net = new TransformerWriter(l, { ...spec, norm, cache });
  const embedded = l.node('Add', 'embed', [l.linear(x, 'embed', { from: width, to: width }), position(l, x)]);
  let stream = embeddingNorm ? net.norm(embedded, 'embed.norm') : embedded;
  for (const number of numbers) {
    stream = net.layer(stream, mask, number);
    if (spec.returnsHidden) l.g.output(stream, `hidden.${number}`, tensorType('float32', ['batch', 'seq', width]));
  }
  const last = norm === 'post' ? stream : net.norm(stream, 'last.norm');
  const y = l.linear(last, 'head', { from: width, to: 3 });
  l.g.output(y, 'y', tensorType('float32', ['batch', 'seq', 3]));
  for (const [name, value] of net.present) l.g.output(value, name, tensorType('float32', ['batch', null, width]));
  return l.g.model({ opset: 17 });
}

function position(l: Layers, x: Value): Value {
  const length = l.node('Gather', 'position', [l.node('Shape', 'position', [x]), l.longs('position.axis', [1])]);
  const [start, axis] = [l.longs('position.start', [0]), l.longs('position.of', [0])];
  return l.node('Slice', 'position', [l.weight('position.table', [16, width], 0.5), start, length, axis]);
}

class TransformerWriter {
  readonly present: [name: string, value: Value][] = [];
  readonly #l: Layers;
  readonly #spec: TransformerSpec;

  constructor(l: Layers, spec: TransformerSpec) {
    this.#l = l;
    this.#spec = spec;
  }

  layer(x: Value, mask: Value, number: number): Value {
    const l = this.#l;
    const name = `layer${number}`;
    const { norm, halves = 'sequential' } = this.#spec;
    if (norm === 'post') {
      const middle = this.norm(l.node('Add', name, [this.#attention(x, mask, name), x]), `${name}.norm1`);
      return this.norm(l.node('Add', name, [middle, this.#network(middle, name)]), `${name}.norm2`);
    }
    const normal = this.norm(x, `${name}.norm1`);
    const attended = this.#attention(normal, mask, name);
    if (halves === 'one sum')
      return l.node('Add', name, [l.node('Add', name, [attended, this.#network(normal, name)]), x]);
    const middle = l.node('Add', name, [x, attended]);
    const inner = halves === 'two sums' ? normal : this.norm(middle, `${name}.norm2`);
    return l.node('Add', name, [middle, this.#network(inner, name)]);
  }

  norm(x: Value, name: string): Value {
    const l = this.#l;
    const gain = l.weight(`${name}.weight`, [width], 1);
    if (this.#spec.norm !== 'rms')
      return l.node('LayerNormalization', name, [x, gain, l.weight(`${name}.bias`, [width], 1)]);
    const mean = l.node('ReduceMean', name, [l.node('Mul', name, [x, x])], { axes: [-1] });
    const root = l.node('Sqrt', name, [l.node('Add', name, [mean, l.scalar(`${name}.epsilon`, 1e-5)])]);
    return l.node('Mul', name, [l.node('Div', name, [x, root]), gain]);
  }

  #attention(x: Value, mask: Value, name: string): Value {
    const l = this.#l;
    const scope = `${name}.attention`;
    const [q, k, v] = ['q', 'k', 'v'].map((part) => l.linear(x, `${scope}.${part}`, { from: width, to: width }));
    const split = l.longs(`${scope}.split`, [0, 0, heads, width / heads]);
    const byHead = (all: Value | undefined, perm: readonly number[]) =>
      l.node('Transpose', scope, [l.node('Reshape', scope, [all ?? x, split])], { perm });
    const keys = byHead(this.#cached(k ?? x, name), [0, 2, 3, 1]);
    const scores = l.node('MatMul', scope, [byHead(q, [0, 2, 1, 3]), keys]);
    const weights = l.node('Softmax', scope, [l.node('Add', scope, [scores, mask])], { axis: -1 });
    const mixed = l.node('MatMul', scope, [weights, byHead(v, [0, 2, 1, 3])]);
    const rows = l.node('Transpose', scope, [mixed], { perm: [0, 2, 1, 3] });
    const joined = l.node('Reshape', scope, [rows, l.longs(`${scope}.join`, [0, 0, width])]);
    return l.linear(joined, `${scope}.out`, { from: width, to: width });
  }

  /** Adds the past up, which makes no sense but leaves all lengths as they are. */
  #cached(k: Value, name: string): Value {
    const { cache } = this.#spec;
    if (cache === 'none') return k;
    const past = cache === 'out' ? k : this.#l.g.input(`past.${name}`, 'float32', ['batch', 'seq', width]);
    const sum = this.#l.node('Add', `${name}.cache`, [k, past]);
    this.present.push([`present.${name}`, sum]);
    return sum;
  }

  /** With GELU by its tanh formula, which sums x and something made of x: no residual block. */
  #network(x: Value, name: string): Value {
    const l = this.#l;
    const scope = `${name}.network`;
    const wide = l.linear(x, `${scope}.in`, { from: width, to: 2 * width });
    const cube = l.node('Mul', scope, [l.node('Mul', scope, [wide, wide]), wide]);
    const bent = l.node('Add', scope, [wide, l.node('Mul', scope, [cube, l.scalar(`${scope}.bend`, 0.044715)])]);
    const half = l.node('Tanh', scope, [l.node('Mul', scope, [bent, l.scalar(`${scope}.root`, 0.797885)])]);
    const open = l.node('Add', scope, [half, l.scalar(`${scope}.one`, 1)]);
    return l.linear(l.node('Mul', scope, [wide, open]), `${scope}.out`, { from: 2 * width, to: width });
  }
}
