import type { ModelFile } from '../../bench/bench-options.ts';
import type { BenchResult } from '../../bench/bench-result.ts';
import { UsageError } from '../../errors.ts';
import type { GatedModel, GateResult } from '../../gate/gate-result.ts';
import type { GateContext, GateRequest, GateScenarioRequest } from '../gate-request.ts';
import { identifyModel } from '../identify-model.ts';
import type { ReferredModel } from './resolve-model-ref.ts';
import { resolveModelRef } from './resolve-model-ref.ts';

/** A model file that can be run here. */
export interface GatedFile {
  readonly model: GatedModel;
  readonly file: ModelFile;
}

/** What the head is held against. */
export type OpenedBase =
  | { readonly kind: 'model'; readonly gated: GatedFile }
  | { readonly kind: 'result'; readonly saved: GateResult | BenchResult; readonly ref: string }
  | { readonly kind: 'none' };

export interface OpenedScenario {
  readonly request: GateScenarioRequest;
  readonly base: OpenedBase;
  readonly head: GatedFile;
}

export interface OpenedScenarios {
  readonly scenarios: readonly OpenedScenario[];
  /** Removes what was written for them. */
  dispose(): void;
}

/** Finds and identifies all models before anything is run. Throws UsageError, ModelError and DataError. */
export async function openScenarios(
  { scenarios, mode }: Pick<GateRequest, 'scenarios' | 'mode'>,
  context: GateContext,
): Promise<OpenedScenarios> {
  checkScenarios(scenarios);
  const models = new OpenedModels(context);
  try {
    const opened: OpenedScenario[] = [];
    for (const request of scenarios)
      opened.push(mode === 'gate' ? await openGated(request, models) : await openTwice(request, models));
    return { scenarios: opened, dispose: () => models.dispose() };
  } catch (error) {
    models.dispose();
    throw error;
  }
}

function checkScenarios(scenarios: readonly GateScenarioRequest[]): void {
  const names = new Set<string>();
  for (const { name, rules } of scenarios) {
    if (names.has(name)) throw new UsageError('scenario-repeated', { name });
    if (rules.length === 0) throw new UsageError('scenario-without-rules', { name });
    names.add(name);
  }
}

async function openGated(request: GateScenarioRequest, models: OpenedModels): Promise<OpenedScenario> {
  return { request, head: await models.head(request), base: await models.base(request) };
}

/** Base twice, or the head where there is no model to be the base: what differs then is noise. */
async function openTwice(request: GateScenarioRequest, models: OpenedModels): Promise<OpenedScenario> {
  const base = await models.base(request);
  const gated = base.kind === 'model' ? base.gated : await models.head(request);
  return { request, head: gated, base: { kind: 'model', gated } };
}

class OpenedModels {
  readonly #context: GateContext;
  readonly #disposals: (() => void)[] = [];
  /** Several scenarios often share a model. */
  readonly #known = new Map<string, Promise<OpenedBase>>();

  constructor(context: GateContext) {
    this.#context = context;
  }

  async head({ name, head }: GateScenarioRequest): Promise<GatedFile> {
    const opened = await this.#open(head, name);
    if (opened.kind !== 'model') throw new UsageError('head-unsuited', { path: head, scenario: name });
    return opened.gated;
  }

  base({ name, base }: GateScenarioRequest): Promise<OpenedBase> {
    return base === null ? Promise.resolve({ kind: 'none' }) : this.#open(base, name);
  }

  dispose(): void {
    for (const dispose of this.#disposals) dispose();
  }

  #open(ref: string, scenario: string): Promise<OpenedBase> {
    const known = this.#known.get(ref) ?? this.#read(ref, scenario);
    this.#known.set(ref, known);
    return known;
  }

  async #read(ref: string, scenario: string): Promise<OpenedBase> {
    const { cwd, signal, onEvent } = this.#context;
    onEvent({ kind: 'resolving', scenario, ref });
    const found = await resolveModelRef(ref, { cwd, signal });
    if (found.kind === 'result') return { kind: 'result', saved: found.saved, ref };
    this.#disposals.push(() => found.dispose());
    return { kind: 'model', gated: await identify(found) };
  }
}

async function identify({ path, ref, commit, dirty }: ReferredModel): Promise<GatedFile> {
  const file = await identifyModel(path);
  return { file, model: { ref, sha256: file.sha256, sizeBytes: file.sizeBytes, commit, dirty } };
}
