/** One labeled line under a table. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}
