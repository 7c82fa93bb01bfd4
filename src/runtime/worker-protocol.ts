import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { GenerationModel } from './generation/generation-model.ts';
import type { GenerationReport, GenerationRequest } from './generation/generation.ts';
import type { LoadedRun, LoadedStep } from './loaded-sessions.ts';
import type { TensorShape } from './model-runner.ts';
import type {
  Measurement,
  MeasureRule,
  NodePlacement,
  NodeProfile,
  RunReport,
  WarmUpReport,
  WarmUpRule,
} from './runtime.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import type { IssueOrder } from './serve/request-issuer.ts';
import type { QueueTurn } from './serve/request-queue.ts';
import type { ServedLog } from './serve/serve-requests.ts';
import type { ProfileRunsRequest, RunProfile } from './run-profile.ts';

/** What the measuring process can be asked, one question after another. */
export interface WorkerCalls {
  open: { argument: OnnxSessionOptions; result: { signature: ModelSignature; loadMs: number } };
  run: { argument: NamedTensors; result: RunReport };
  setInputs: { argument: readonly NamedTensors[]; result: null };
  setRequests: {
    argument: { readonly model: GenerationModel; readonly requests: readonly GenerationRequest[] };
    result: null;
  };
  generate: {
    argument: { readonly model: GenerationModel; readonly request: GenerationRequest };
    result: GenerationReport;
  };
  warmUp: { argument: WarmUpRule; result: WarmUpReport };
  measure: { argument: MeasureRule; result: Measurement };
  serve: { argument: QueueTurn; result: ServedLog };
  /** Of the process that issues requests. */
  issue: { argument: IssueOrder; result: Float64Array };
  peakRssBytes: { argument: null; result: number | null };
  load: { argument: OnnxSessionOptions; result: { readonly id: number; readonly signature: ModelSignature } };
  runLoaded: { argument: LoadedRun; result: NamedTensors };
  shapesLoaded: { argument: LoadedRun; result: Readonly<Record<string, TensorShape>> };
  keep: { argument: { readonly id: number; readonly tensors: NamedTensors }; result: null };
  kept: { argument: { readonly id: number; readonly names: readonly string[] }; result: NamedTensors };
  advance: { argument: LoadedStep; result: NamedTensors };
  release: { argument: number; result: null };
  placement: { argument: { options: OnnxSessionOptions; feeds: NamedTensors }; result: readonly NodePlacement[] };
  arenaPeak: { argument: { options: OnnxSessionOptions; feeds: NamedTensors }; result: number | null };
  profile: {
    argument: { options: OnnxSessionOptions; feeds: NamedTensors; runs: number };
    result: readonly NodeProfile[];
  };
  profileRuns: {
    argument: ProfileRunsRequest & { options: OnnxSessionOptions; feeds: NamedTensors };
    result: RunProfile;
  };
}

export type WorkerCall = keyof WorkerCalls;

export type WorkerRequest = {
  [C in WorkerCall]: { readonly call: C; readonly argument: WorkerCalls[C]['argument'] };
}[WorkerCall];

/** `alive` is sent between runs, so that the parent can tell a long measurement from a hanging one. */
export type WorkerReply =
  | { readonly kind: 'alive' }
  | { readonly kind: 'done'; readonly result: WorkerCalls[WorkerCall]['result'] }
  | { readonly kind: 'failed'; readonly problem: string };
