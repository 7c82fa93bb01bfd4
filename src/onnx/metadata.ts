/** One key and value of `metadata_props`. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}
