import { priceAge } from '../cost/catalog/price-age.ts';
import type { CostOption, CostResult } from '../cost/cost-result.ts';
import { projectOptions } from '../cost/fleet/project-options.ts';
import type { ProjectedOptions } from '../cost/fleet/project-options.ts';
import { cheapestOption } from '../cost/whatif/cheapest-option.ts';
import type { CostRequest } from './cost-request.ts';
import { answerQuestions } from './costing/answer-questions.ts';
import { buildCurves } from './costing/build-curves.ts';
import type { BuiltCurve } from './costing/build-curves.ts';
import { collectModels } from './costing/collect-models.ts';
import type { CollectedModels } from './costing/collect-models.ts';
import { collectWarnings } from './costing/collect-warnings.ts';
import { describeQuestion } from './costing/describe-question.ts';
import { gatherResults } from './costing/gather-results.ts';
import type { GatherContext, Gathered } from './costing/gather-results.ts';
import { prepareCost } from './costing/prepare-cost.ts';
import type { PreparedCost } from './costing/prepare-cost.ts';
import { answerWorkflow } from './costing/answer-workflow.ts';
import { WorkReader } from './costing/work-reader.ts';

export interface CostContext extends GatherContext {
  readonly nowMs: () => number;
}

export interface Costed {
  readonly result: CostResult;
  /** Whether a point that was to be measured here did not run. */
  readonly hasFailed: boolean;
}

/**
 * What models cost to serve, from measured results or after measuring: on each machine that is asked for, bought in each
 * way, with what would make it cheaper. Throws UsageError, DataError, ModelError and RuntimeError.
 */
export async function cost(request: CostRequest, context: CostContext): Promise<Costed> {
  const startMs = context.nowMs();
  const prepared = await prepareCost(request, context.cwd);
  const gathered = await gatherResults(request, context, needsModels(prepared));
  const collected = collectModels(gathered.benches, gathered.evaluations);
  const work = new WorkReader(context.cwd);
  const { settings } = request;
  const curves = await buildCurves({ ...gathered, ...prepared, models: collected.models, work, seed: settings.seed });
  context.onEvent({ kind: 'projecting', curves: curves.length });
  const input = { ...prepared, curves: curves.map(({ measured }) => measured) };
  const found = { request, prepared, gathered, collected, curves, ...projectOptions(input, settings) };
  const environment = await measuringMachine(gathered, context);
  const result = describe(found, { ...context, environment, withoutFile: work.missing() });
  return { result: { ...result, elapsedMs: context.nowMs() - startMs }, hasFailed: gathered.hasFailed };
}

interface Found extends ProjectedOptions {
  readonly request: CostRequest;
  readonly prepared: PreparedCost;
  readonly gathered: Gathered;
  readonly collected: CollectedModels;
  readonly curves: readonly BuiltCurve[];
}

interface Surroundings extends Pick<CostContext, 'envelope'> {
  readonly environment: CostResult['environment'];
  /** Paths of models that are not there as they were measured. */
  readonly withoutFile: readonly string[];
}

function describe(found: Found, { envelope, environment, withoutFile }: Surroundings): Omit<CostResult, 'elapsedMs'> {
  const { request, gathered, collected, curves, options, excluded } = found;
  const { settings } = request;
  const projected = { ...found, models: collected.models };
  const { workflow, warnings: ofWorkflow } = answerWorkflow(projected);
  const described = curves.map((curve) => curve.described);
  const cheapest = cheapestOption(options, described, { modelIndex: null });
  const answers = answerQuestions(projected);
  const prices = priceAge(datesOf(options, { ...answers, workflow }), new Date(envelope.createdAt));
  const areCombined = request.route !== null || workflow !== null;
  const facts = { saved: gathered, collected, curves, withoutFile, settings, options, cheapest, prices, areCombined };
  const warnings = [...gathered.warnings, ...collectWarnings(facts), ...ofWorkflow];
  return {
    ...envelope,
    kind: 'cost',
    environment,
    warnings: warnings.map(({ code, details }) => ({ code, details: { ...details } })),
    models: [...collected.models],
    curves: described,
    ...describeQuestion(settings),
    options: [...options],
    excluded: [...excluded],
    cheapest,
    ...answers,
    workflow,
    prices: { ...prices },
  };
}

/** Of what was looked up: a price that a user names without a file has no date to tell. */
function datesOf(
  options: readonly CostOption[],
  { apiBreakEven, workflow }: Pick<CostResult, 'apiBreakEven' | 'workflow'>,
): readonly (string | null)[] {
  const listed = options.filter(({ priceDate, flags }) => priceDate !== null || flags.includes('undated'));
  const ofTokens = [apiBreakEven, ...(workflow?.steps ?? [])].flatMap((price) => price?.priceDate ?? []);
  return [...listed.map(({ priceDate }) => priceDate), ...ofTokens];
}

/** APIs and tools have costs without anything that was measured. */
function needsModels({ workflow }: PreparedCost): boolean {
  return workflow === null || workflow.steps.some(({ served }) => served.kind === 'model');
}

/** Figures stand on where the first result was measured, not on where they are worked out. */
async function measuringMachine({ benches }: Gathered, context: CostContext): Promise<CostResult['environment']> {
  const [first] = benches;
  return first === undefined ? (await context.openRuntime()).environment() : first.result.environment;
}
