/** Where roofs are kept from run to run: one text for all machines, providers and threads. */
export interface RoofStore {
  /** Null where there is none yet, or it cannot be read. Never throws. */
  read(): string | null;
  /** A store that cannot be written keeps nothing. Never throws. */
  write(text: string): void;
}
