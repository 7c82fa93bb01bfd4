import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import type { BrowserProviderName } from '../provider.ts';
import type { MeasureRule, Measurement, NodePlacement, OptimizationLevel } from '../runtime.ts';
import type { RunReport, WarmUpReport, WarmUpRule } from '../runtime.ts';
import type { BrowserFacts } from './browser-facts.ts';

/** A model as the page gets it: from the server that the page itself came from. */
export interface PageModel {
  readonly url: string;
  /** Files with the model's large tensors, by the names that the model has for them. */
  readonly external: readonly { readonly location: string; readonly url: string }[];
  readonly provider: BrowserProviderName;
  readonly threads: number;
  readonly optimization: OptimizationLevel;
  readonly strictProvider: boolean;
  /** Session configuration entries by their whole keys. */
  readonly config: Readonly<Record<string, string>>;
}

export type PageFacts = Omit<BrowserFacts, 'browser'>;

/** What a page can be asked, one question after another. Its models are counted from 0. */
export interface PageCalls {
  open: { argument: PageModel; result: { id: number; signature: ModelSignature; loadMs: number; facts: PageFacts } };
  run: { argument: { id: number; feeds: NamedTensors; outputs: readonly string[] | null }; result: RunReport };
  setInputs: { argument: { id: number; pool: readonly NamedTensors[] }; result: null };
  warmUp: { argument: { id: number; rule: WarmUpRule }; result: WarmUpReport };
  measure: {
    argument: { id: number; rule: MeasureRule };
    result: Pick<Measurement, 'startsMs' | 'endsMs'>;
  };
  placement: { argument: PageModel; result: readonly NodePlacement[] };
  release: { argument: { id: number }; result: null };
}

export type PageCall = keyof PageCalls;

export type PageRequest = {
  [C in PageCall]: { readonly call: C; readonly argument: PageCalls[C]['argument'] };
}[PageCall];

export type PageReply =
  | { readonly kind: 'done'; readonly result: PageCalls[PageCall]['result'] }
  | { readonly kind: 'failed'; readonly problem: string };

/** What a page tells unasked: between runs that it lives, and once that its adapter is gone or that it cannot start. */
export type PageEvent =
  | { readonly kind: 'alive' }
  | { readonly kind: 'adapter-lost' | 'broken'; readonly problem: string };

/** Where the server answers, below the folder of the page. */
export const pageRoutes = { next: 'next', answer: 'answer', event: 'event', clock: 'clock' } as const;
