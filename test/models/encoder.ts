import { Layers } from '../../fixtures/training/layers.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

export interface EncoderSpec {
  readonly seed?: number;
  readonly depth?: number;
  readonly hidden?: number;
  readonly heads?: number;
  /** Width of the inner layer of each feed-forward network. */
  readonly inner?: number;
  readonly vocabulary?: number;
  /** Longest sequence it has positions for. */
  readonly positions?: number;
}

/**
 * An encoder of the size of MiniLM-L6 (Wang and others, 2020) by default, as torch exports BERT, with random weights:
 * `input_ids` and `attention_mask` i64['batch','seq'] to `last_hidden_state` f32['batch','seq',hidden].
 */
export function encoder(spec: EncoderSpec = {}): Model {
  const { seed = 1, depth = 6, hidden = 384, heads = 12, inner = 1536, vocabulary = 2000, positions = 512 } = spec;
  const writer = new EncoderWriter({ seed, hidden, heads, inner });
  const { layers } = writer;
  const ids = layers.g.input('input_ids', 'int64', ['batch', 'seq']);
  const mask = writer.mask(layers.g.input('attention_mask', 'int64', ['batch', 'seq']));
  let x = writer.embed(ids, { vocabulary, positions });
  for (let index = 0; index < depth; index++) x = writer.layer(x, mask, `encoder.layer.${index}`);
  layers.g.output(x, 'last_hidden_state', tensorType('float32', ['batch', 'seq', hidden]));
  return layers.g.model({ opset: 17 });
}

interface Widths {
  readonly seed: number;
  readonly hidden: number;
  readonly heads: number;
  readonly inner: number;
}

class EncoderWriter {
  readonly layers: Layers;
  readonly #widths: Widths;
  readonly #shared: Readonly<Record<'split' | 'join' | 'scale' | 'root' | 'one' | 'half', Value>>;

  constructor(widths: Widths) {
    const { seed, hidden, heads } = widths;
    const layers = new Layers('encoder', seed);
    this.layers = layers;
    this.#widths = widths;
    this.#shared = {
      split: layers.longs('attention.split', [0, 0, heads, hidden / heads]),
      join: layers.longs('attention.join', [0, 0, hidden]),
      scale: layers.scalar('attention.scale', Math.sqrt(hidden / heads)),
      root: layers.scalar('gelu.root', Math.SQRT2),
      one: layers.scalar('gelu.one', 1),
      half: layers.scalar('gelu.half', 0.5),
    };
  }

  /** 0 for tokens to look at, the least float32 for the others: [batch, 1, 1, seq]. */
  mask(mask: Value): Value {
    const { layers } = this;
    const wide = layers.node('Unsqueeze', 'mask', [mask, layers.longs('mask.axes', [1, 2])]);
    const kept = layers.node('Cast', 'mask', [wide], { to: 1 });
    const dropped = layers.node('Sub', 'mask', [this.#shared.one, kept]);
    return layers.node('Mul', 'mask', [dropped, layers.scalar('mask.least', -3.4028234663852886e38)]);
  }

  embed(ids: Value, { vocabulary, positions }: { readonly vocabulary: number; readonly positions: number }): Value {
    const { layers } = this;
    const { hidden } = this.#widths;
    const table = (name: string, rows: number, deviation: number) =>
      layers.weight(`embeddings.${name}.weight`, [rows, hidden], deviation);
    const scope = 'embeddings';
    const words = layers.node('Gather', `${scope}.word`, [table('word', vocabulary, 0.05), ids]);
    const typed = layers.node('Add', scope, [words, table('token_type', 1, 0.01)]);
    const length = layers.node('Gather', `${scope}.length`, [
      layers.node('Shape', `${scope}.length`, [ids]),
      layers.longs(`${scope}.length.axis`, [1]),
    ]);
    const every = layers.longs(
      `${scope}.position_ids`,
      Array.from({ length: positions }, (_, at) => at),
    );
    const places = layers.node('Slice', scope, [
      every,
      layers.longs(`${scope}.start`, [0]),
      length,
      layers.longs(`${scope}.axis`, [0]),
    ]);
    const placed = layers.node('Gather', `${scope}.position`, [table('position', positions, 0.02), places]);
    return this.#norm(layers.node('Add', scope, [typed, placed]), `${scope}.LayerNorm`);
  }

  layer(x: Value, mask: Value, name: string): Value {
    const { layers } = this;
    const { hidden, inner } = this.#widths;
    const attended = layers.node('Add', `${name}.attention`, [this.#attention(x, mask, `${name}.attention`), x]);
    const middle = this.#norm(attended, `${name}.attention.LayerNorm`);
    const wide = layers.linear(middle, `${name}.intermediate.dense`, { from: hidden, to: inner });
    const narrow = layers.linear(this.#gelu(wide, name), `${name}.output.dense`, { from: inner, to: hidden });
    return this.#norm(layers.node('Add', `${name}.output`, [narrow, middle]), `${name}.output.LayerNorm`);
  }

  #attention(x: Value, mask: Value, scope: string): Value {
    const { layers } = this;
    const { hidden } = this.#widths;
    const { split, join, scale } = this.#shared;
    const heads = (part: string, perm: readonly number[]) => {
      const all = layers.linear(x, `${scope}.self.${part}`, { from: hidden, to: hidden });
      return layers.node('Transpose', scope, [layers.node('Reshape', scope, [all, split])], { perm });
    };
    const [q, k, v] = [heads('query', [0, 2, 1, 3]), heads('key', [0, 2, 3, 1]), heads('value', [0, 2, 1, 3])];
    const scores = layers.node('Div', scope, [layers.node('MatMul', scope, [q, k]), scale]);
    const masked = layers.node('Add', `${scope}.mask`, [scores, mask]);
    const mixed = layers.node('MatMul', scope, [layers.node('Softmax', scope, [masked], { axis: -1 }), v]);
    const rows = layers.node('Transpose', scope, [mixed], { perm: [0, 2, 1, 3] });
    const joined = layers.node('Reshape', scope, [rows, join]);
    return layers.linear(joined, `${scope}.output.dense`, { from: hidden, to: hidden });
  }

  /** x/2 (1 + erf(x/√2)) as torch exports it. */
  #gelu(x: Value, name: string): Value {
    const { layers } = this;
    const { root, one, half } = this.#shared;
    const scope = `${name}.intermediate.act`;
    const error = layers.node('Erf', scope, [layers.node('Div', scope, [x, root])]);
    return layers.node('Mul', scope, [layers.node('Mul', scope, [x, layers.node('Add', scope, [error, one])]), half]);
  }

  /** Gains around 1 that differ from channel to channel, as trained ones do. */
  #norm(x: Value, name: string): Value {
    const { hidden, seed } = this.#widths;
    const random = createRandom(seed, 'norm', name);
    const constant = (part: string, value: () => number) =>
      this.layers.g.constant(`${name}.${part}`, {
        type: 'float32',
        dims: [hidden],
        data: Float32Array.from({ length: hidden }, value),
      });
    const gain = constant('weight', () => Math.exp(0.2 * random.normal()));
    const shift = constant('bias', () => 0.1 * random.normal());
    return this.layers.node('LayerNormalization', name, [x, gain, shift], { axis: -1, epsilon: 1e-12 });
  }
}
