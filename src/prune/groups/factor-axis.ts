/** A factor of an axis that a Reshape makes or takes apart: `length` indices among the classes from `first` on. */
export interface Factor {
  readonly first: number;
  readonly length: number;
}

/** An axis that is the product of factors, the last of them the fastest. One of them can carry units. */
export interface FactorAxis {
  /** Of the axis as a whole. */
  readonly first: number;
  readonly length: number;
  readonly factors: readonly Factor[];
  readonly node: string;
  readonly op: string;
}
