import type { Tensor } from '../../onnx/tensor.ts';

/** Readers of a value, each by its name or, for nodes without one, by that of its first output. */
export type SiteUsers = readonly string[];

interface AnySite {
  /** What switches it, unique among the sites of a model. */
  readonly key: string;
  /** Name of a value of the main graph. */
  readonly value: string;
  /** Who reads the switched value, in the main graph and in subgraphs; all nodes unless given, never the outputs. */
  readonly users?: SiteUsers;
}

/** A float32 value rounded as QuantizeLinear and DequantizeLinear do it, one scale and zero point for all elements. */
export interface ActivationSite extends AnySite {
  readonly kind: 'activation';
  /** What the value is rounded to. */
  readonly type: 'uint8' | 'int8';
}

/** A float32 value rounded to uint8 by the range that each run finds, as DynamicQuantizeLinear does it. */
export interface DynamicSite extends AnySite {
  readonly kind: 'dynamic';
}

/** A constant of the main graph and what stands in for it: the weight as it comes back from its quantization. */
export interface WeightSite extends AnySite {
  readonly kind: 'weight';
  /** Of the constant's type and shape. */
  readonly replacement: Tensor;
}

/**
 * One place where a model may lose precision. Of several sites at one value the last one that is on counts for the
 * users it shares with others; all of them round the original.
 */
export type TrialSite = ActivationSite | DynamicSite | WeightSite;

/** How a site is switched on: an activation needs its scale, a positive float32, and its zero point. */
export type SiteSetting = { readonly scale: number; readonly zeroPoint: number } | true;
