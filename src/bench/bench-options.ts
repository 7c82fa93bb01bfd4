import type { InputValue } from '../data/input-value.ts';
import type { BatchAxis } from '../data/batch-axis.ts';
import type { Sample } from '../data/sample.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { GpuMonitor } from '../runtime/gpu/gpu-monitor.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { OptimizationLevel, Runtime } from '../runtime/runtime.ts';
import type { Tolerance } from '../compute/compare-outputs.ts';
import type { OnBenchEvent } from './bench-event.ts';
import type { BenchedModel, LatencyLimit } from './bench-result.ts';
import type { LanguageSettings } from './language/language-settings.ts';
import type { LoadSettings } from './load/load-settings.ts';
import type { SweepAxes } from './sweep.ts';

export interface ModelFile extends Pick<BenchedModel, 'path' | 'sha256' | 'sizeBytes'> {
  /** By input: what its integers must stay below, read off the embeddings that they are looked up in. */
  readonly integerLimits: Readonly<Record<string, number>>;
  /** Tokens that a language model has positions for; null or absent where its graph does not tell. */
  readonly contextLimit?: number | null;
}

/** The model that data is read for. */
export interface SampleRequest extends ModelSignature {
  readonly batchAxis: BatchAxis;
  /** Inputs that `--input` gives. */
  readonly given: ReadonlySet<string>;
}

/** What to feed the models, as the user asked for it. */
export interface InputSettings {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, InputValue>>;
  readonly batchDimension: string | undefined;
  /** Reads the data that was given, for a model; null when none was. */
  readonly loadSamples: ((request: SampleRequest) => readonly Sample[]) | null;
  /** Distinct inputs to cycle through. */
  readonly poolSize: number;
  /** Where the inputs came from, for the result. */
  readonly description: string;
}

export interface ProtocolSettings {
  readonly seed: number;
  /** Half-width of the p50 interval to reach, as a share. */
  readonly precision: number;
  readonly rounds: number;
  readonly maxRounds: number;
  readonly minRuns: number;
  readonly minMs: number;
  readonly warmUpMs: number;
  readonly budgetMs: number;
  readonly budgetIsHard: boolean;
  readonly timeoutMs: number;
  readonly optimization: OptimizationLevel;
  readonly strictProvider: boolean;
  readonly tolerance: Tolerance;
}

export interface BenchOptions {
  readonly runtime: Runtime;
  readonly models: readonly ModelFile[];
  readonly axes: SweepAxes;
  readonly inputs: InputSettings;
  readonly protocol: ProtocolSettings;
  readonly usableCores: number;
  /** Of which the best throughput is told. */
  readonly maxLatency?: LatencyLimit;
  /** Processors to hold instances to, in the order in which to give them out. */
  readonly pinTo?: readonly number[];
  /** The GPU of cuda and tensorrt: which, and who watches it. */
  readonly gpu?: { readonly device: number; readonly monitor: GpuMonitor };
  /** Path of the browser for the providers in one; found unless given. */
  readonly browser?: string;
  /** Models that write text are measured writing it, and not in single runs. */
  readonly language?: LanguageSettings;
  /** What to find out under load, once a point was measured in a closed loop. */
  readonly load?: LoadSettings;
  /** Providers of the axes that cannot run here: their points are skipped. */
  readonly unusable: ReadonlyMap<ProviderName, { readonly reason: string; readonly cure: string }>;
  readonly onEvent: OnBenchEvent;
  readonly signal?: AbortSignal | undefined;
}
