/** How capacity is bought. `own`: at a price per hour that the user names; `serverless`: by GB-second and request. */
export const purchases = ['on-demand', 'spot', 'reserved', 'own', 'serverless'] as const;
export type Purchase = (typeof purchases)[number];

/**
 * Where a figure comes from: measured on hardware of the same class, or carried over by what is known of the hardware,
 * within an instruction set or across classes.
 */
export const bases = ['measured', 'projected'] as const;
export type Basis = (typeof bases)[number];

/** How far a projection reaches, the nearest first. */
export const projectionReaches = ['same-isa', 'other-class', 'accelerator'] as const;
export type ProjectionReach = (typeof projectionReaches)[number];

/** How requests are given to replicas. */
export const balancings = ['round-robin', 'least-outstanding', 'two-choices', 'random'] as const;
export type Balancing = (typeof balancings)[number];

/** What makes a figure of the catalog doubtful. Every one shows beside the figure. */
export const catalogFlags = [
  /** Its source tells no date. */
  'undated',
  /** From general knowledge, not looked up. */
  'from-memory',
  /** Estimated by whoever listed it, or taken from a sibling. */
  'estimate',
  /** Savings of one year applied to prices of another, with a price cut between. */
  'spot-low-confidence',
  /** Far outside what others of its kind cost. */
  'spot-outlier',
  /** A price list older than that of the on-demand price beside it. */
  'spot-older',
  /** Two sources differ. */
  'spot-disputed',
  /** Added up from the rows of a machine and its accelerators. */
  'summed',
  /** The memory that is usable, where others tell the nominal one. */
  'usable-memory',
  /** Added or changed by the user. */
  'user',
] as const;
export type CatalogFlag = (typeof catalogFlags)[number];

/** Hours a month is billed: 8,760 / 12. */
export const hoursPerMonth = 730;
