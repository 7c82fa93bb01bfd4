/** What holds a node back: its arithmetic, its traffic, or neither, so that starting it is what takes the time. */
export const bounds = ['compute', 'memory', 'overhead'] as const;
export type Bound = (typeof bounds)[number];

/**
 * What became of a node of the file: it has a kernel of its own, went into that of another, was computed while loading,
 * was dropped, or lies in a branch or body that did not run.
 */
export const nodeFates = ['ran', 'fused', 'folded', 'dropped', 'not-run'] as const;
export type NodeFate = (typeof nodeFates)[number];
