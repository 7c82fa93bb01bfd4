import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { GenerationRequest } from '../../runtime/generation/generation.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import type { Session } from '../../runtime/runtime.ts';
import type { SkipReason } from '../bench-warning.ts';
import type { Probe } from '../probe-model.ts';
import { probeKey } from '../probe-model.ts';
import { ProbeSession } from '../probe-session.ts';
import type { InputCase } from '../sweep.ts';
import { checkGeneration, checkKey } from './check-generation.ts';
import type { CheckedGeneration } from './check-generation.ts';
import type { LanguageModel } from './language-model.ts';
import { newDimension, promptDimension } from './language-settings.ts';
import type { LanguagePlan } from './plan-language.ts';
import { fitsContext } from './plan-language.ts';
import { makePrompts } from './prompts.ts';
import { takeSample } from './take-sample.ts';
import { writerOf } from './writer-of.ts';

/**
 * Has every model write once in every case on every provider: what does not fit or fails shows before anything is
 * measured, what is written with a cache is held against writing without it, and the time budget gets its estimates.
 */
export async function probeLanguage(
  plan: LanguagePlan,
  cases: readonly InputCase[],
): Promise<ReadonlyMap<string, Probe>> {
  const { options } = plan;
  const probes = new Map<string, Probe>();
  const wanted = options.axes.providers.filter((ep) => !options.unusable.has(ep));
  for (const [modelIndex, model] of plan.models.entries()) {
    const own = cases.filter((inputCase) => inputCase.modelIndex === modelIndex);
    const reference = new Map<string, NamedTensors>();
    for (const ep of ['cpu' as const, ...wanted.filter((name) => name !== 'cpu')]) {
      // The CPU tells what others are to write, also where it is not measured.
      if (ep === 'cpu' && wanted.length === 0) continue;
      options.onEvent({ kind: 'probing', model: model.path, ep });
      const prober = new LanguageProber({ plan, model, ep, reference, isMeasured: wanted.includes(ep) });
      for (const inputCase of own) probes.set(probeKey(ep, inputCase), await prober.probe(inputCase));
      await prober.close();
    }
  }
  return probes;
}

interface ProberOptions {
  readonly plan: LanguagePlan;
  readonly model: LanguageModel;
  readonly ep: ProviderName;
  /** The CPU's logits, by what was checked. */
  readonly reference: Map<string, NamedTensors>;
  /** Of a provider that is only to be compared with, nothing but the comparison is needed. */
  readonly isMeasured: boolean;
}

/** The cases of one model on one provider. */
class LanguageProber {
  readonly #checked = new Map<string, CheckedGeneration>();
  readonly #options: ProberOptions;
  readonly #opened: ProbeSession;

  constructor(options: ProberOptions) {
    this.#options = options;
    const { plan, model, ep } = options;
    this.#opened = new ProbeSession(plan.options, { path: model.path, ep });
  }

  async probe(inputCase: InputCase): Promise<Probe> {
    const { model, plan } = this.#options;
    const lengths = lengthsOf(inputCase);
    const skip = skipReason(model, inputCase, { ...lengths, longest: longestPrompt(plan, lengths.prompt) });
    if (skip !== null) return { status: 'skipped', reason: skip };
    return this.#opened.attempt((session) => this.#probe(session, inputCase, lengths));
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  async #probe(session: Session, inputCase: InputCase, { prompt, generated }: Lengths): Promise<Probe> {
    const { model, plan, isMeasured } = this.#options;
    const { settings, options } = plan;
    const batch = model.batchAxis.kind === 'fixed' ? model.batchAxis.size : (inputCase.batch ?? 1);
    const needs = { tokens: prompt, batch, requests: options.inputs.poolSize, seed: options.protocol.seed };
    const requests = makePrompts(model, settings.prompts, needs).map((prompts): GenerationRequest => ({
      prompts,
      newTokens: generated,
      stopIds: settings.stopIds,
      useCache: true,
    }));
    const [first] = requests;
    if (first === undefined) throw new RangeError('there are no prompts');
    const checked = await this.#check(session, first);
    const runMs = isMeasured ? (await writerOf(session).generate(model.generation, first)).elapsedMs : 0;
    const sample = settings.showText && isMeasured ? await takeSample(session, model, { first, settings }) : null;
    return {
      status: 'ready',
      inputs: { pool: [], expected: [], notes: [], batch, dims: dimsOf({ prompt, generated }) },
      runMs,
      overheadMs: this.#opened.openMs + runMs,
      versusCpu: checked.versusCpu,
      versusExpected: null,
      placement: null,
      copies: null,
      generation: { model, requests, versusUncached: checked.versusUncached, sample },
    };
  }

  async #check(session: Session, request: GenerationRequest): Promise<CheckedGeneration> {
    const { model, ep, reference, plan } = this.#options;
    const key = checkKey(request);
    const known = this.#checked.get(key);
    if (known !== undefined) return known;
    const { tolerance } = plan.options.protocol;
    const checked = await checkGeneration(writerOf(session), {
      model,
      request,
      reference: ep === 'cpu' ? null : (reference.get(key) ?? null),
      tolerance,
    });
    if (ep === 'cpu') reference.set(key, checked.logits);
    this.#checked.set(key, checked);
    return checked;
  }
}

interface Lengths {
  /** Null for those of the data. */
  readonly prompt: number | null;
  readonly generated: number;
}

function lengthsOf({ dims }: InputCase): Lengths {
  return { prompt: dims[promptDimension] ?? null, generated: dims[newDimension] ?? 1 };
}

function longestPrompt({ settings }: LanguagePlan, prompt: number | null): number {
  return prompt ?? Math.max(1, ...(settings.prompts ?? []).map(({ ids }) => ids.length));
}

function skipReason(
  model: LanguageModel,
  { batch }: InputCase,
  { longest: prompt, generated }: Lengths & { readonly longest: number },
): SkipReason | null {
  const { batchAxis, contextLimit } = model;
  if (batchAxis.kind === 'fixed' && batch !== null && batch !== batchAxis.size)
    return { code: 'fixed-batch', details: { batch, fixed: batchAxis.size } };
  if (fitsContext(model, prompt, generated)) return null;
  return { code: 'beyond-context', details: { prompt, generated, limit: contextLimit ?? 0 } };
}

function dimsOf({ prompt, generated }: Lengths): Record<string, number> {
  return { ...(prompt !== null && { [promptDimension]: prompt }), [newDimension]: generated };
}
