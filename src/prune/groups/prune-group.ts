import type { DataType } from '../../onnx/data-type.ts';

/**
 * What is removed together. A unit is the least that can go: a channel, a neuron, an attention head, a group of a
 * grouped convolution. Everything is told by names, so that what was found in a model holds for every copy of it.
 */
export interface PruneGroup {
  /** Position among all groups, in the order of their first node. */
  readonly id: number;
  /** Name of the first node that makes the units: the layer a person would name. */
  readonly name: string;
  readonly kind: GroupKind;
  readonly units: number;
  /** Axes that carry the units, of activations and of constants alike. */
  readonly places: readonly GroupPlace[];
  /** Layers whose weight makes the units: each unit has its rows of the weight. */
  readonly producers: readonly WeightPlace[];
  /** Layers whose weight adds up over the units: each unit has its columns of the weight. */
  readonly consumers: readonly WeightPlace[];
  /** Depthwise layers and norms that work on each unit by itself. */
  readonly followers: readonly WeightPlace[];
  /** Sums over the units of two computed values, such as queries by keys: there is no weight to tell them by. */
  readonly contractions: readonly Contraction[];
  /** Whatever else says how many units there are, or which. */
  readonly rewrites: readonly Rewrite[];
  /** Why it must stay as it is; empty where it can be pruned. */
  readonly locks: readonly Lock[];
}

/** Heads: attention of several heads; width: what a residual stream carries; else channels (Conv) and neurons. */
export const groupKinds = ['channels', 'neurons', 'heads', 'width'] as const;
export type GroupKind = (typeof groupKinds)[number];

/** One axis of a value. */
export interface GroupPlace {
  readonly value: string;
  readonly axis: number;
  /** For each index along the axis the unit that it belongs to, or -1 for none of this group. */
  readonly units: Int32Array;
}

/** A constant that a node computes with, and the axis of it that carries the units. */
export interface WeightPlace {
  readonly node: string;
  /** Index of the node's input. */
  readonly input: number;
  readonly weight: string;
  readonly axis: number;
}

/** An axis of a computed value over which a node adds up products. */
export interface Contraction {
  readonly node: string;
  /** Index of the node's input. */
  readonly input: number;
  readonly axis: number;
  readonly dims: readonly number[];
  readonly type: DataType;
}

/** What has to change with the length of an axis beside the constants that lie along it. */
export type Rewrite =
  /** An element of a constant is the axis' length: an entry of a shape. */
  | { readonly kind: 'length'; readonly constant: string; readonly index: number; readonly of: AxisName }
  /** An attribute is the axis' length, from `from` for `count` indices, divided by `each`; `index` picks one of a list. */
  | {
      readonly kind: 'attribute';
      readonly node: string;
      readonly attribute: string;
      readonly index: number | null;
      readonly of: AxisName;
      readonly from: number;
      readonly count: number;
      readonly each: number;
    }
  /** Sizes of a Split, one an output. */
  | { readonly kind: 'split'; readonly node: string; readonly sizes: readonly number[]; readonly of: AxisName }
  /** Bounds of a Slice without steps: entry `index` of its lists. */
  | {
      readonly kind: 'slice';
      readonly node: string;
      readonly index: number;
      readonly start: number;
      readonly end: number;
      readonly of: AxisName;
    }
  /** Constant indices of a Gather. */
  | { readonly kind: 'gather'; readonly node: string; readonly indices: readonly number[]; readonly of: AxisName };

/** An axis by the name of its value. */
export interface AxisName {
  readonly value: string;
  readonly axis: number;
}

export const lockReasons = [
  /** A graph input: callers feed it. */
  'graph-input',
  /** A graph output: callers read it. */
  'graph-output',
  /** An operator that no rule is known for. */
  'unknown-operator',
  /** It looks at all units at once, such as Softmax or TopK. */
  'mixes-units',
  /** A norm over the units: removing some changes the others (`--width` allows it). */
  'normalized',
  /** A sum, mean or extreme over the units. */
  'reduced',
  /** A Reshape that tears the units apart. */
  'reshape-ambiguous',
  /** Lengths that are computed while the model runs. */
  'computed-shape',
  /** A convolution that shares its groups unevenly. */
  'uneven-groups',
  /** The weight is computed while the model runs. */
  'weight-not-constant',
  /** A table that is looked up by index: its rows are a vocabulary. */
  'vocabulary',
  /** The axis counts positions, pixels or samples, not units. */
  'not-a-channel',
  /** Inside an If, Loop or Scan, or captured by one. */
  'in-control-flow',
  /** A residual stream, and `--width` was not given. */
  'width-not-asked',
  /** `--exclude` names a layer of it. */
  'excluded',
  /** The runtime told no shape. */
  'no-shape',
  /** Integer or quantized weights. */
  'weight-type',
] as const;
export type LockReason = (typeof lockReasons)[number];

/** Why a group is locked, and the node or the value that it comes from. */
export interface Lock {
  readonly reason: LockReason;
  /** Name of the node; for graph inputs and outputs that of the value. */
  readonly node: string;
  /** Operator; null for graph inputs and outputs. */
  readonly op: string | null;
}

/** Units that go, by group id, each list ascending. Groups without any may be missing. */
export type Removal = ReadonlyMap<number, readonly number[]>;
