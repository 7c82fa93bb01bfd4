/** What files that live as long as a process need of it. Whoever may know the process hands it in. */
export interface Workplace {
  /** Names the process among all that may write into the same folders: letters, digits and dashes. */
  readonly owner: string;
  /** Whether the process of that name has ended, so that its files are leftovers; false where that is unknown. */
  isGone(owner: string): boolean;
  /** A folder for files that nobody keeps. */
  readonly temporaryFolder: string;
  /** Calls back when the process ends, signals included; what it returns takes that back. */
  onExit(cleanup: () => void): () => void;
}
