import type { Tolerance } from '../compute/compare-outputs.ts';
import type { PairUse } from '../data/dataset-options.ts';
import type { InputValue } from '../data/input-value.ts';
import type { Preprocess } from '../data/preprocess.ts';
import type { DropLimit } from '../evaluate/drop-limit.ts';
import type { TaskRequest } from '../evaluate/task.ts';
import type { GateEvent } from '../gate/gate-event.ts';
import type { GateRule } from '../gate/gate-rule.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { OptimizationLevel, Runtime } from '../runtime/runtime.ts';
import type { Envelope } from './envelope.ts';

/** What is done about a gate that could not tell, or could not compare. */
export const inconclusivePolicies = ['warn', 'fail', 'pass'] as const;
export type InconclusivePolicy = (typeof inconclusivePolicies)[number];

export interface GateRequest {
  /** At least one; names differ. */
  readonly scenarios: readonly GateScenarioRequest[];
  /** Chance of a false fail of the whole gate. */
  readonly alpha: number;
  readonly budgetMs: number;
  readonly seed: number;
  /** Most pairs of blocks of a scenario. */
  readonly maxPairs: number;
  /** Whether a fail must repeat in an independent batch, which the budget does not count. */
  readonly confirm: boolean;
  readonly onInconclusive: InconclusivePolicy;
  readonly timeoutMs: number;
  readonly optimization: OptimizationLevel;
  readonly strictProvider: boolean;
  /** Of outputs. */
  readonly tolerance: Tolerance;
  /** A stored baseline: a file, or a folder of them by fingerprint. `update`: why it is written anew. */
  readonly baseline: { readonly path: string; readonly update: string | null } | null;
  readonly mode: 'gate' | 'calibrate';
  /** Where blocks are written as they are finished. */
  readonly journalPath: string;
  /** Whether the blocks of the journal are continued. */
  readonly resume: boolean;
  /** For waivers: `2026-12-31`. */
  readonly today: string;
}

/** One model under one condition, and what it is held to. */
export interface GateScenarioRequest {
  readonly name: string;
  readonly owner: string | null;
  /** A path, `git:REF:PATH` or a saved result; null where there is none (or only the stored baseline). */
  readonly base: string | null;
  /** A path. */
  readonly head: string;
  readonly provider: ProviderName;
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
  readonly instances: number;
  readonly batch: number | null;
  readonly batchDimension: string | undefined;
  readonly dims: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, InputValue>>;
  /** What latency is measured on; null: seeded inputs. */
  readonly dataPath: string | null;
  /** What the head may lose against the base on data, as `infer evaluate --reference` tells it. */
  readonly quality: GateQualityRequest | null;
  /** One a metric. */
  readonly rules: readonly GateRule[];
}

export interface GateQualityRequest {
  readonly dataPath: string;
  readonly samples: number | null;
  readonly batch: number | null;
  readonly maxDrop: { readonly text: string; readonly limit: DropLimit };
  readonly task: TaskRequest;
  readonly preprocess: Preprocess | null;
  readonly pairs: PairUse | null;
  readonly tokenizer: string | null;
}

export interface GateContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: GateEvent) => void;
  /** What relative paths and git repositories are found from. */
  readonly cwd: string;
}
