import type { Point } from '../../bench/bench-result.ts';
import type { BenchResult } from '../../bench/bench-result.ts';

/** The measured points of one result that differ in their batch alone. */
export interface Sweep {
  /** The saved result. */
  readonly path: string;
  readonly environment: BenchResult['environment'];
  readonly model: BenchResult['models'][number];
  readonly ep: string;
  readonly threads: number;
  readonly instances: number;
  readonly dims: Readonly<Record<string, number>>;
  /** Status `ok`, ascending by batch; a model without a batch axis has one, whose batch counts as 1. */
  readonly points: readonly Point[];
}
