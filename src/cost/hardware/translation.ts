import type { Environment } from '../../runtime/environment.ts';
import type { Basis, ProjectionReach } from '../vocabulary.ts';

/** The machine that a curve was measured on. */
export interface MeasuredOn {
  readonly environment: Environment;
  readonly ep: string;
  readonly threads: number;
  readonly instances: number;
  /** Id of the catalog's instance that it was, where the user says so (`--measured-on`). */
  readonly instance: string | null;
  /** Keys into the catalog; null where it knows none that fits. */
  readonly processor: string | null;
  readonly accelerator: string | null;
}

/** What a run of one item takes, read off the model. */
export interface Work {
  readonly flop: number;
  readonly bytes: number;
  /** Most of its products are of 8-bit integers. */
  readonly isInt8: boolean;
}

/** Of the measured time, where they add up to 1; or a figure for what each of them bounds. */
export interface RooflineShares {
  readonly compute: number;
  readonly memory: number;
  readonly overhead: number;
}

/** Why nothing can be told of another machine. */
export const projectionGaps = [
  /** Measured on an accelerator, and the machine has none. */
  'no-accelerator',
  /** The catalog has no figures of its accelerator or processor. */
  'unknown-accelerator',
  'unknown-processor',
  /** The runtime has no provider for it. */
  'unsupported-accelerator',
  /** The catalog has no figures of the accelerator that was measured on. */
  'unknown-measured-accelerator',
] as const;
export type ProjectionGap = (typeof projectionGaps)[number];

/** What times measured on one machine are on another. */
export type Translation =
  | {
      readonly basis: Basis;
      /** Null where measured: factor and range are 1 then. */
      readonly reach: ProjectionReach | null;
      readonly factor: number;
      readonly low: number;
      readonly high: number;
      /** Time there over time here of what each share stands for; null where measured, and without shares. */
      readonly ratios: RooflineShares | null;
    }
  /** Cannot run there, or nothing is known of the hardware. */
  | { readonly basis: null; readonly obstacle: { readonly code: string; readonly details: Record<string, unknown> } };
