/** What to know before believing a projection; the sentences are in report/messages/cost-messages.ts. */
export type CostWarning =
  /** The oldest price is older than 90 days; once a result. */
  | { readonly code: 'prices-old'; readonly details: { readonly oldest: string; readonly days: number } }
  | { readonly code: 'prices-undated'; readonly details: { readonly options: number } }
  /** One round: no interval. */
  | { readonly code: 'one-round'; readonly details: { readonly model: string; readonly path: string } }
  /** A sweep has failed or skipped points, which are left out. */
  | {
      readonly code: 'points-left-out';
      readonly details: { readonly path: string; readonly failed: number; readonly skipped: number };
    }
  /** The measuring machine is none that the catalog knows: everything is projected. */
  | { readonly code: 'unknown-processor'; readonly details: { readonly path: string; readonly processor: string } }
  /** The model file is not there or another one: no shares of compute and memory, so wider ranges. */
  | { readonly code: 'no-model-file'; readonly details: { readonly path: string } }
  /** Several replicas would share a machine, and one alone was measured. */
  | { readonly code: 'measured-alone'; readonly details: { readonly model: string; readonly replicas: number } }
  /** The largest batch that was measured is the best one: a larger one may be cheaper still. */
  | { readonly code: 'batch-at-end'; readonly details: { readonly model: string; readonly batch: number } }
  /** Nothing meets the objective. */
  | { readonly code: 'objective-missed'; readonly details: { readonly percentile: number; readonly limitMs: number } }
  /** No load was given: unit costs hold at the target utilization. */
  | { readonly code: 'no-load'; readonly details: { readonly utilization: number } }
  | { readonly code: 'accuracy-missing'; readonly details: { readonly models: readonly string[] } }
  /** Steps of a workflow that nobody tells the time of: no latency. */
  | {
      readonly code: 'workflow-latency-unknown';
      readonly details: { readonly path: string; readonly steps: readonly string[] };
    }
  | { readonly code: 'evaluation-unmatched'; readonly details: { readonly path: string } }
  /** A file that holds the same as another one, and counts once. */
  | { readonly code: 'result-repeated'; readonly details: { readonly path: string; readonly first: string } }
  /** Models side by side that cannot take each other's inputs. */
  | { readonly code: 'models-unlike'; readonly details: { readonly model: string; readonly first: string } };
