import type { AxisIndices } from './axis-table.ts';
import { AxisTable } from './axis-table.ts';
import { IndexClasses } from './index-classes.ts';
import type { FactorAxis } from './factor-axis.ts';
import type { Contraction, Lock, Rewrite, WeightPlace } from './prune-group.ts';
import { ShapeContents } from './shape-contents.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';

export type WeightRole = 'producer' | 'consumer' | 'follower';

/** What rules find out, until groups are made of it. Everything belongs to an axis, and so to the units along it. */
export interface GroupState {
  readonly classes: IndexClasses;
  readonly axes: AxisTable;
  readonly contents: ShapeContents;
  readonly weights: {
    readonly role: WeightRole;
    readonly along: AxisIndices;
    readonly place: WeightPlace;
    /** Rows that are looked up, and no layer. */
    readonly isTable: boolean;
  }[];
  readonly contractions: { readonly along: AxisIndices; readonly contraction: Contraction }[];
  readonly rewrites: { readonly along: AxisIndices; readonly rewrite: Rewrite }[];
  /** Axes of Reshapes that are products, to be settled once everything else is known. */
  readonly factors: FactorAxis[];
  /** For numbers in constants, by constant and index: the axis whose length they are. */
  readonly lengths: Map<string, AxisIndices>;
  /** Numbers in constants, named in the same way, that somebody computes with: they must not change, and why. */
  readonly computed: Map<string, Lock>;
  /** Whether norms over the units and the width of residual streams may be pruned. */
  readonly width: boolean;
  /** Version of the standard operator set. */
  readonly opset: number;
}

export function newGroupState(options: {
  readonly shapes: ReadonlyMap<string, TensorShape>;
  readonly width: boolean;
  readonly opset: number;
}): GroupState {
  const classes = new IndexClasses();
  const axes = new AxisTable(classes, options.shapes);
  return {
    classes,
    axes,
    contents: new ShapeContents((value) => axes.dims(value)),
    weights: [],
    contractions: [],
    rewrites: [],
    factors: [],
    lengths: new Map(),
    computed: new Map(),
    width: options.width,
    opset: options.opset,
  };
}
