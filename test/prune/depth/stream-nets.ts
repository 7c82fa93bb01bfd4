import { Layers } from '../../../fixtures/training/layers.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { noise } from './block-check.ts';

/** What may stand in a stream of images. Those up to `summed` are blocks that can go. */
export const partKinds = [
  'plain',
  'turned',
  'gated',
  'scaled branch',
  'scaled stream',
  'rectified',
  'two branches',
  'projected',
  'cached',
  'told',
  'convolution',
  'two convolutions',
] as const;
export type PartKind = (typeof partKinds)[number];

/** Null for what is no block. */
export const locksOf: Readonly<Record<PartKind, 'free' | 'shape-changes' | 'carries-cache' | 'makes-output' | null>> = {
  plain: 'free',
  turned: 'free',
  gated: 'free',
  'scaled branch': 'free',
  'scaled stream': 'free',
  rectified: 'free',
  'two branches': 'free',
  projected: 'shape-changes',
  cached: 'carries-cache',
  told: 'makes-output',
  convolution: null,
  'two convolutions': null,
};

export interface Part {
  readonly kind: PartKind;
  /** Returns the stream behind it, through a convolution of its own. */
  readonly isTapped?: boolean;
}

const size = 6;
const start = 4;

/** A stream of images `x` f32['batch',4,6,6] through parts to `y`; nodes of a part begin with `/part` and its index. */
export function streamNet(parts: readonly Part[], without: ReadonlySet<number> = new Set()): Model {
  const l = new Layers('stream', 1);
  const writer = new PartWriter(l);
  const input = l.g.input('x', 'float32', ['batch', start, size, size]);
  let [x, channels] = [l.conv(input, 'stem', { from: start, to: start, kernel: 1 }), start];
  for (const [index, { kind, isTapped = false }] of parts.entries()) {
    const name = `part${index}`;
    // Behind a sum alone a block could not tell its own rectification from another's.
    if (kind === 'rectified') x = l.relu(x, `before.${name}`);
    if (!without.has(index)) x = writer.part(kind, x, { name, channels });
    if (kind === 'projected') channels *= 2;
    if (isTapped) writer.output(l.conv(x, `tap.${name}`, { from: channels, to: 2, kernel: 1 }), `tap${index}`);
  }
  writer.output(l.conv(x, 'head', { from: channels, to: 2, kernel: 1 }), 'y');
  return l.g.model({ opset: 17 });
}

/** Inputs for a net of these parts. */
export function streamFeeds(parts: readonly Part[]): NamedTensors {
  const feeds = { x: noise([2, start, size, size], 'x') };
  let channels = start;
  for (const [index, { kind }] of parts.entries()) {
    if (kind === 'cached')
      Object.assign(feeds, { [`past.part${index}`]: noise([2, channels, size, size], `${index}`) });
    if (kind === 'projected') channels *= 2;
  }
  return feeds;
}

interface Place {
  readonly name: string;
  readonly channels: number;
}

class PartWriter {
  readonly #l: Layers;

  constructor(l: Layers) {
    this.#l = l;
  }

  output(value: Value, name: string): void {
    this.#l.g.output(value, name, tensorType('float32', null));
  }

  part(kind: PartKind, x: Value, place: Place): Value {
    const { name, channels } = place;
    const l = this.#l;
    const sum = (...summands: readonly Value[]) => l.node(summands.length === 2 ? 'Add' : 'Sum', name, summands);
    const scaled = (value: Value, factor: number) => l.node('Mul', name, [value, l.scalar(`${name}.factor`, factor)]);
    switch (kind) {
      case 'plain':
        return sum(x, this.#branch(x, place));
      case 'turned':
        return sum(this.#branch(x, place), x);
      case 'gated':
        return sum(x, l.node('Mul', name, [x, l.node('Sigmoid', name, [this.#branch(x, place)])]));
      case 'scaled branch':
        return sum(x, scaled(this.#branch(x, place), 0.1));
      case 'scaled stream':
        return sum(scaled(x, 1.5), this.#branch(x, place));
      case 'rectified':
        return l.relu(sum(this.#branch(x, place), x), name);
      case 'two branches':
        return sum(
          this.#branch(x, { ...place, name: `${name}.a` }),
          x,
          this.#branch(x, { ...place, name: `${name}.b` }),
        );
      case 'projected':
        return this.#projected(x, place);
      case 'cached': {
        const past = l.g.input(`past.${name}`, 'float32', ['batch', channels, size, size]);
        return sum(x, this.#branch(l.node('Add', name, [x, past]), place));
      }
      case 'told': {
        const inner = this.#branch(x, place);
        this.output(inner, `inner.${name}`);
        return sum(x, inner);
      }
      case 'convolution':
        return l.conv(x, name, { from: channels, to: channels, kernel: 3 });
      case 'two convolutions':
        return sum(l.conv(x, `${name}.a`, { from: channels, to: channels, kernel: 1 }), this.#branch(x, place));
    }
  }

  #branch(x: Value, { name, channels }: Place, to = channels): Value {
    const l = this.#l;
    const inner = l.relu(l.conv(x, `${name}.conv1`, { from: channels, to: 3, kernel: 3, bias: true }), `${name}.relu`);
    return l.conv(inner, `${name}.conv2`, { from: 3, to, kernel: 1 });
  }

  #projected(x: Value, { name, channels }: Place): Value {
    const shortcut = this.#l.conv(x, `${name}.project`, { from: channels, to: 2 * channels, kernel: 1 });
    return this.#l.node('Add', name, [this.#branch(x, { name, channels }, 2 * channels), shortcut]);
  }
}
