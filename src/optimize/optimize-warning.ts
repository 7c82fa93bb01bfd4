/** What a reader of an optimized model should know, beside what `infer bench` warns of. */
export interface OptimizeWarningDetails {
  /** Nobody gave a length that the comparison needed. */
  'dimension-assumed': { model: string; dimension: string; value: number };
}
