import { Layers } from '../../fixtures/training/layers.ts';
import { long } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';

export interface LanguageSpec {
  readonly seed?: number;
  readonly layers?: number;
  readonly heads?: number;
  /** Fewer than heads where several share keys and values (Ainslie and others, "GQA", 2023). */
  readonly kvHeads?: number;
  readonly headSize?: number;
  readonly inner?: number;
  readonly vocabulary?: number;
  /** Rows of the table of positions. */
  readonly context?: number;
  /** `pairs` as Optimum names them, `stacked` as GPT-2's first exports, or none. */
  readonly cache?: 'pairs' | 'stacked' | 'none';
  readonly hasMask?: boolean;
  /** Positions as an input; else they follow from the lengths. */
  readonly hasPositions?: boolean;
  /** The cache is looked at only where `use_cache_branch` says so. */
  readonly isMerged?: boolean;
  readonly idType?: 'int64' | 'int32';
  /** Tokens of every run; any number unless given. */
  readonly fixedLength?: number;
}

type Spec = Required<Omit<LanguageSpec, 'fixedLength'>> & { readonly length: number | string };

/** A decoder with random weights: attention with learned positions, no normalization, every way to be called. */
export function languageDecoder(spec: LanguageSpec = {}): Model {
  const heads = spec.heads ?? 2;
  return new DecoderWriter({
    seed: 1,
    layers: 2,
    kvHeads: heads,
    headSize: 8,
    inner: 32,
    vocabulary: 40,
    context: 48,
    cache: 'pairs',
    hasMask: true,
    hasPositions: true,
    isMerged: false,
    idType: 'int64',
    ...spec,
    heads,
    length: spec.fixedLength ?? 'sequence_length',
  }).model();
}

interface Cache {
  readonly key: Value;
  readonly value: Value;
}

class DecoderWriter {
  readonly #layers: Layers;
  readonly #spec: Spec;
  readonly #hidden: number;
  readonly #ids: Value;
  readonly #mask: Value | null;
  readonly #positions: Value | null;
  readonly #branch: Value | null;
  readonly #pasts: readonly Cache[];

  constructor(spec: Spec) {
    this.#spec = spec;
    this.#layers = new Layers('language', spec.seed);
    this.#hidden = spec.heads * spec.headSize;
    const { length, idType } = spec;
    const total = spec.cache === 'none' ? length : 'total_sequence_length';
    const { g } = this.#layers;
    this.#ids = g.input('input_ids', idType, ['batch_size', length]);
    this.#mask = spec.hasMask ? g.input('attention_mask', idType, ['batch_size', total]) : null;
    this.#positions = spec.hasPositions ? g.input('position_ids', idType, ['batch_size', length]) : null;
    this.#branch = spec.isMerged ? g.input('use_cache_branch', 'bool', [1]) : null;
    this.#pasts = spec.cache === 'none' ? [] : Array.from({ length: spec.layers }, (_, index) => this.#past(index));
  }

  model(): Model {
    const l = this.#layers;
    const { layers, vocabulary, length, context } = this.#spec;
    const hidden = this.#hidden;
    const [visible, places] = this.#looking();
    const words = l.node('Gather', 'embed', [l.weight('embed.weight', [vocabulary, hidden], 1), this.#ids]);
    const table = l.weight('wpe.weight', [context, hidden], 0.5);
    let x = l.node('Add', 'embed', [words, l.node('Gather', 'wpe', [table, this.#positions ?? places])]);
    const made: Cache[] = [];
    for (let index = 0; index < layers; index++) {
      const { mixed, ...cache } = this.#attention(x, `layers.${index}.attn`, { past: this.#pasts[index], visible });
      made.push(cache);
      x = this.#feedForward(l.node('Add', `layers.${index}`, [x, mixed]), `layers.${index}.mlp`);
    }
    const logits = l.linear(x, 'lm_head', { from: hidden, to: vocabulary, bias: false });
    l.g.output(logits, 'logits', tensorType('float32', ['batch_size', length, vocabulary]));
    if (this.#pasts.length > 0) for (const [index, cache] of made.entries()) this.#present(index, cache);
    return l.g.model({ opset: 17 });
  }

  #past(index: number): Cache {
    const l = this.#layers;
    const { kvHeads, headSize, cache } = this.#spec;
    const shape = ['batch_size', kvHeads, 'past_sequence_length', headSize];
    if (cache === 'pairs')
      return {
        key: l.g.input(`past_key_values.${index}.key`, 'float32', shape),
        value: l.g.input(`past_key_values.${index}.value`, 'float32', shape),
      };
    const both = l.g.input(`past_${index}`, 'float32', [2, ...shape]);
    const part = (at: number) =>
      l.node('Gather', `past.${index}`, [both, l.g.constant(`past.${index}.${at}`, long(at))], { axis: 0 });
    return { key: part(0), value: part(1) };
  }

  #present(index: number, { key, value }: Cache): void {
    const l = this.#layers;
    const { kvHeads, headSize, cache } = this.#spec;
    const type = tensorType('float32', ['batch_size', kvHeads, 'total_sequence_length', headSize]);
    if (cache === 'pairs') {
      l.g.output(key, `present.${index}.key`, type);
      l.g.output(value, `present.${index}.value`, type);
      return;
    }
    const axis = l.longs(`present.${index}.axis`, [0]);
    const parts = [key, value].map((part) => l.node('Unsqueeze', `present.${index}`, [part, axis]));
    const both = l.node('Concat', `present.${index}`, parts, { axis: 0 });
    l.g.output(
      both,
      `present_${index}`,
      tensorType('float32', [2, 'batch_size', kvHeads, 'total_sequence_length', headSize]),
    );
  }

  /** Where a token looks, [batch, 1, tokens, total], and its own place, [tokens]. */
  #looking(): readonly [visible: Value, places: Value] {
    const l = this.#layers;
    const one = l.g.constant('one', long(1));
    const zero = l.g.constant('zero', long(0));
    const lengthAt = (x: Value, axis: number) =>
      l.node('Gather', 'length', [l.node('Shape', 'length', [x]), l.g.constant(`axis.${axis}`, long(axis))], {
        axis: 0,
      });
    const tokens = lengthAt(this.#ids, 1);
    const [past] = this.#pasts;
    const before = past === undefined ? zero : this.#whereBranch(lengthAt(past.key, 2), zero, 'before');
    const total = l.node('Add', 'length', [before, tokens]);
    const keys = l.node('Range', 'looking', [zero, total, one]);
    const places = l.node('Range', 'looking', [before, total, one]);
    const rows = l.node('Unsqueeze', 'looking', [places, l.longs('looking.column', [1])]);
    const causal = l.node('LessOrEqual', 'looking', [keys, rows]);
    if (this.#mask === null) return [causal, places];
    const given = l.node('Cast', 'looking', [this.#mask], { to: 9 });
    const wide = l.node('Unsqueeze', 'looking', [given, l.longs('looking.axes', [1, 2])]);
    return [l.node('And', 'looking', [causal, wide]), places];
  }

  /** One value with the cache and another without, where a merged decoder chooses by its switch. */
  #whereBranch(cached: Value, anew: Value, name: string): Value {
    if (this.#branch === null) return cached;
    const l = this.#layers;
    const branch = (label: string, value: Value) => {
      const inner = l.g.subgraph(`${name}.${label}`);
      inner.output(inner.op('Identity', [value]));
      return inner.graph;
    };
    return l.node('If', name, [this.#branch], {
      then_branch: branch('cached', cached),
      else_branch: branch('anew', anew),
    });
  }

  #attention(
    x: Value,
    scope: string,
    { past, visible }: { readonly past: Cache | undefined; readonly visible: Value },
  ) {
    const l = this.#layers;
    const { heads, kvHeads, headSize } = this.#spec;
    const split = (part: string, count: number) => {
      const all = l.linear(x, `${scope}.${part}`, { from: this.#hidden, to: count * headSize, bias: false });
      const shaped = l.node('Reshape', scope, [all, l.longs(`${scope}.${part}.split`, [0, 0, count, headSize])]);
      return l.node('Transpose', scope, [shaped], { perm: [0, 2, 1, 3] });
    };
    const joined = (newest: Value, old: Value | undefined, name: string) =>
      old === undefined
        ? newest
        : this.#whereBranch(l.node('Concat', scope, [old, newest], { axis: 2 }), newest, `${scope}.${name}`);
    const key = joined(split('k', kvHeads), past?.key, 'key');
    const value = joined(split('v', kvHeads), past?.value, 'value');
    const turned = l.node('Transpose', scope, [this.#shared(key, scope)], { perm: [0, 1, 3, 2] });
    const products = l.node('MatMul', scope, [split('q', heads), turned]);
    const scores = l.node('Mul', scope, [products, l.scalar(`${scope}.scale`, 1 / Math.sqrt(headSize))]);
    const masked = l.node('Where', scope, [visible, scores, l.scalar(`${scope}.least`, -1e9)]);
    const mixed = l.node('MatMul', scope, [
      l.node('Softmax', scope, [masked], { axis: -1 }),
      this.#shared(value, scope),
    ]);
    const rows = l.node('Transpose', scope, [mixed], { perm: [0, 2, 1, 3] });
    const flat = l.node('Reshape', scope, [rows, l.longs(`${scope}.join`, [0, 0, this.#hidden])]);
    return { mixed: l.linear(flat, `${scope}.o`, { from: this.#hidden, to: this.#hidden, bias: false }), key, value };
  }

  /** Keys or values of all heads, where fewer are kept. */
  #shared(x: Value, scope: string): Value {
    const { heads, kvHeads } = this.#spec;
    if (heads === kvHeads) return x;
    const l = this.#layers;
    const which = Array.from({ length: heads }, (_, head) => Math.floor((head * kvHeads) / heads));
    return l.node('Gather', scope, [x, l.longs(`${scope}.${x.name}.heads`, which)], { axis: 1 });
  }

  #feedForward(x: Value, scope: string): Value {
    const l = this.#layers;
    const { inner } = this.#spec;
    const wide = l.node('Tanh', scope, [l.linear(x, `${scope}.up`, { from: this.#hidden, to: inner })]);
    return l.node('Add', scope, [x, l.linear(wide, `${scope}.down`, { from: inner, to: this.#hidden })]);
  }
}
