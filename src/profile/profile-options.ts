import type { OptimizedGraph } from '../compute/optimized-graph.ts';
import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import type { ProfileRunsRequest, RunProfile } from '../runtime/run-profile.ts';
import type { OnProfileEvent } from './profile-event.ts';
import type { ProfileSubject, Roofs } from './profile-result.ts';
import type { Precision } from './roofs/precision.ts';

/** How a subject is measured: fresh processes, one a block. */
export interface SubjectBlocks {
  /** Median time of a run in a block without profiling, in ms. */
  plain(round: number): Promise<number>;
  profiled(request: ProfileRunsRequest): Promise<RunProfile>;
}

/** What a node takes in one execution, as far as it is known; a node that runs others is none of its own. */
export interface NodeCost {
  readonly macs: number | null;
  /** Read and written, weights included. */
  readonly bytes: number | null;
  /** Of the constants among what it reads. */
  readonly constantBytes: number;
}

/** A model as its file has it, and what the runtime makes of it. */
export interface FileGraph {
  readonly original: Model;
  /** What is profiled: a copy, its nodes marked by `markNodes`. */
  readonly marked: Model;
  /** Null where the runtime cannot tell: kernels have nothing but their names then. */
  readonly optimized: OptimizedGraph | null;
  readonly costOf: (node: Node) => NodeCost;
}

export interface SubjectPlan {
  readonly facts: Pick<ProfileSubject, 'model' | 'ep' | 'threads' | 'batch' | 'dims' | 'macs'>;
  /** What the runtime calls the provider that was asked for. */
  readonly provider: string;
  readonly file: FileGraph;
  readonly blocks: SubjectBlocks;
}

export interface RoundSettings {
  /** Rounds of blocks, and the fewest that are taken whatever the budget says. */
  readonly rounds: number;
  readonly minRounds: number;
  readonly budgetMs: number;
  /** Profiled runs of a block, and events of its profile at most. */
  readonly runs: number;
  readonly mostEvents: number;
}

export interface ProfileOptions extends RoundSettings {
  /** What is profiled, and what it is compared with. */
  readonly subjects: readonly SubjectPlan[];
  readonly nowMs: () => number;
  /** The roofs of a subject's provider and threads; null where they are not wanted. */
  readonly roofsFor: ((plan: SubjectPlan, precisions: readonly Precision[]) => Promise<Roofs>) | null;
  readonly advise: (subject: Omit<ProfileSubject, 'remedies'>) => ProfileSubject['remedies'];
  readonly onEvent: OnProfileEvent;
  readonly signal?: AbortSignal | undefined;
}
