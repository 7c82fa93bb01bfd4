/** How much of a long result to draw. */
export interface View {
  /** Rows of the longest lists. */
  readonly top: number;
  /** The table of every layer too. */
  readonly details: boolean;
  /** The tree of the graph too. */
  readonly tree: boolean;
  /** The formulas too, with the numbers put in. */
  readonly explain: boolean;
}

export const usualView: View = { top: 10, details: false, tree: false, explain: false };
