/** Where a model was read from. */
export interface InspectedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly externalFiles: readonly { readonly location: string; readonly sizeBytes: number }[];
}
