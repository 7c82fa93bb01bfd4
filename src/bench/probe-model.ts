import type { OutputComparison } from '../compute/compare-outputs.ts';
import { compareOutputs } from '../compute/compare-outputs.ts';
import type { Finding } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { BrowserFacts } from '../runtime/browser/browser-facts.ts';
import type { GenerationRequest } from '../runtime/generation/generation.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { NodePlacement, Session } from '../runtime/runtime.ts';
import type { BenchOptions, ModelFile } from './bench-options.ts';
import { mayFallBack } from './browser-use.ts';
import { modelInputs } from './case-inputs.ts';
import type { CaseInputs, ModelInputs } from './case-inputs.ts';
import { copiedBytes } from './copied-bytes.ts';
import type { CopiedBytes } from './copied-bytes.ts';
import type { TextSample } from './bench-result.ts';
import type { LanguageModel } from './language/language-model.ts';
import { onNvidia } from './gpu-block.ts';
import { probeCase } from './probe-case.ts';
import { ProbeSession } from './probe-session.ts';
import { sessionOptions } from './session-options.ts';
import { caseKey } from './sweep.ts';
import type { InputCase } from './sweep.ts';

/** Of a model that writes text: what it is asked, and what came of it. */
export interface ProbedGeneration {
  readonly model: LanguageModel;
  readonly requests: readonly GenerationRequest[];
  /** Logits with the cache against those without; null where there is nothing to compare. */
  readonly versusUncached: OutputComparison | null;
  /** Null unless asked for. */
  readonly sample: TextSample | null;
}

/** What is known of a case on a provider before it is measured. */
export type Probe =
  | {
      readonly status: 'ready';
      readonly inputs: CaseInputs;
      readonly runMs: number;
      readonly overheadMs: number;
      /** Null on the CPU, which is what others are compared with. */
      readonly versusCpu: OutputComparison | null;
      readonly versusExpected: OutputComparison | null;
      readonly placement: readonly NodePlacement[] | null;
      /** Null where inputs and outputs lie in the memory that the provider computes in, or it is not known. */
      readonly copies: CopiedBytes | null;
      /** Of a provider in a browser. */
      readonly browser?: BrowserFacts;
      /** In the place of the inputs' pool. */
      readonly generation?: ProbedGeneration;
    }
  | { readonly status: 'skipped' | 'failed'; readonly reason: Finding };

/** Everything the probes of one model told, by provider and case. */
export interface ModelProbe {
  readonly model: ModelInputs;
  readonly probes: ReadonlyMap<string, Probe>;
}

export function probeKey(ep: ProviderName, request: InputCase): string {
  return `${ep} ${caseKey(request)}`;
}

export interface ProbeRequest {
  readonly modelIndex: number;
  readonly path: string;
  readonly cases: readonly InputCase[];
  /** Providers to probe beside the CPU, which is always probed: it tells the signature and the reference outputs. */
  readonly providers: readonly ProviderName[];
}

/** Opens a model on the CPU to learn its inputs. Throws ModelError or RuntimeError. */
export async function readModelInputs(file: ModelFile, options: BenchOptions): Promise<ModelInputs> {
  const session = await options.runtime.open(sessionOptions(options, { path: file.path, ep: 'cpu' }), options.signal);
  try {
    return modelInputs(file, session.signature, options.inputs);
  } finally {
    await session.close();
  }
}

/**
 * Runs every case of a model on every provider once or twice: bad inputs and unusable combinations show before
 * anything is measured, outputs are compared with the CPU's, and the time budget gets its estimates.
 */
export async function probeModel(
  model: ModelInputs,
  request: ProbeRequest,
  options: BenchOptions,
): Promise<ModelProbe> {
  const probes = new Map<string, Probe>();
  const reference = new Map<string, NamedTensors>();
  for (const ep of ['cpu' as const, ...request.providers.filter((name) => name !== 'cpu')]) {
    options.onEvent({ kind: 'probing', model: request.path, ep });
    const prober = new Prober(model, ep, { options, reference });
    for (const inputCase of request.cases) {
      probes.set(probeKey(ep, inputCase), await prober.probe(inputCase));
    }
    await prober.close();
  }
  return { model, probes };
}

/** The cases of one model on one provider. */
class Prober {
  #placement: readonly NodePlacement[] | null = null;
  readonly #model: ModelInputs;
  readonly #ep: ProviderName;
  readonly #context: { readonly options: BenchOptions; readonly reference: Map<string, NamedTensors> };
  readonly #opened: ProbeSession;

  constructor(
    model: ModelInputs,
    ep: ProviderName,
    context: { options: BenchOptions; reference: Map<string, NamedTensors> },
  ) {
    this.#model = model;
    this.#ep = ep;
    this.#context = context;
    this.#opened = new ProbeSession(context.options, { path: model.path, ep });
  }

  probe(inputCase: InputCase): Promise<Probe> {
    return this.#opened.attempt((session) => this.#probe(session, inputCase));
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  async #probe(session: Session, inputCase: InputCase): Promise<Probe> {
    const { options, reference } = this.#context;
    const probed = await probeCase(session, this.#model, { ...inputCase, ...options });
    if ('skip' in probed) return { status: 'skipped', reason: probed.skip };
    const key = caseKey(inputCase);
    const cpuOutputs = reference.get(key);
    if (this.#ep === 'cpu') reference.set(key, probed.outputs);
    const [feeds] = probed.inputs.pool;
    if (mayFallBack(this.#ep) && feeds !== undefined) this.#placement ??= await session.placement(feeds);
    return {
      status: 'ready',
      inputs: probed.inputs,
      runMs: probed.runMs,
      overheadMs: this.#opened.openMs + probed.firstRunMs,
      versusCpu:
        cpuOutputs === undefined ? null : compareOutputs(probed.outputs, cpuOutputs, options.protocol.tolerance),
      versusExpected: probed.expected,
      placement: this.#placement,
      copies: onNvidia(this.#ep) ? copiedBytes(probed.inputs.pool, probed.outputs) : null,
      ...(session.browser !== undefined && { browser: session.browser }),
    };
  }
}
