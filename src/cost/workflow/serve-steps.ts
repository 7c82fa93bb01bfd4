import { UsageError } from '../../errors.ts';
import type { CostOption } from '../cost-result.ts';
import type { Load } from '../load.ts';
import { cheapestOption } from '../whatif/cheapest-option.ts';
import { namedModels } from '../whatif/named-models.ts';
import type { WorkflowInput } from './cost-workflow.ts';
import type { ExpectedStep } from './expected-steps.ts';
import { modelLoad } from './model-load.ts';
import { modelServer } from './model-server.ts';
import type { ServedModel } from './model-server.ts';
import { apiServer, toolServer } from './step-server.ts';
import type { StepServer } from './step-server.ts';
import { workflowError } from './workflow-error.ts';
import type { WorkflowStep } from './workflow.ts';

export interface ServedSteps {
  /** Of each step. */
  readonly servers: readonly StepServer[];
  readonly options: readonly CostOption[];
}

/** What serves each step: APIs and tools at their prices, and for every model the fleet for all of its steps. */
export function serveSteps(input: WorkflowInput, expected: readonly ExpectedStep[]): ServedSteps {
  const { workflow, load, seed } = input;
  const modelOf = workflow.steps.map((step) => modelIndexOf(step, input));
  const stepsOf = groupedSteps(modelOf);
  const alone = new Map(
    [...stepsOf].map(([model, steps]) => [model, servedModel(input, { model, steps, load: null })]),
  );
  const servers = serversWith(input, modelOf, alone);
  if (load === null) return { servers, options: [...alone.values()].map(({ option }) => option) };
  const loaded = new Map(
    [...stepsOf].map(([index, steps]) => {
      const model = alone.get(index);
      const isCalled = steps.some((step) => (expected[step]?.calls ?? 0) > 0);
      if (model === undefined || !isCalled) return [index, model] as const;
      const asked = modelLoad({ workflow, expected, servers, model, steps, load, seed });
      return [index, servedModel(input, { model: index, steps, load: asked })] as const;
    }),
  );
  const models = new Map(
    [...loaded].flatMap(([index, model]) => (model === undefined ? [] : [[index, model] as const])),
  );
  return { servers: serversWith(input, modelOf, models), options: [...models.values()].map(({ option }) => option) };
}

/** Null for APIs and tools. */
function modelIndexOf(step: WorkflowStep, { workflow, models }: WorkflowInput): number | null {
  if (step.served.kind !== 'model') return null;
  const { name } = step.served;
  const found = namedModels(name, models);
  const [index] = found;
  if (index !== undefined && found.length === 1) return index;
  const known = (found.length === 0 ? models : found.flatMap((match) => models[match] ?? [])).map(({ label }) => label);
  const problem =
    found.length === 0 ? `no result has measured '${name}'` : `'${name}' may be any of several; give more of its path`;
  throw workflowError(workflow.path, { step: step.name, key: 'model', problem, value: name, known });
}

function groupedSteps(modelOf: readonly (number | null)[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  modelOf.forEach((model, step) => {
    if (model === null) return;
    const group = groups.get(model);
    if (group === undefined) groups.set(model, [step]);
    else group.push(step);
  });
  return groups;
}

interface Wanted {
  readonly model: number;
  readonly steps: readonly number[];
  readonly load: Load | null;
}

function servedModel(
  { workflow, models, curves, optionsOf }: WorkflowInput,
  { model, steps, load }: Wanted,
): ServedModel {
  const options = optionsOf(model, load);
  const option = options[cheapestOption(options, curves, { modelIndex: model }) ?? -1];
  const curve = curves[option?.curveIndex ?? -1];
  const label = models[model]?.label ?? '';
  if (option !== undefined && curve !== undefined) return { label, option, curve };
  const step = workflow.steps[steps[0] ?? 0]?.name ?? '';
  throw new UsageError('cost-workflow-unserved', {
    path: workflow.path,
    step,
    model: label,
    perSecond: load && load.peakPerSecond,
  });
}

function serversWith(
  input: WorkflowInput,
  modelOf: readonly (number | null)[],
  served: ReadonlyMap<number, ServedModel>,
): readonly StepServer[] {
  return input.workflow.steps.map((step, index) => {
    const model = served.get(modelOf[index] ?? -1);
    if (model !== undefined) return modelServer(step, model);
    return step.served.kind === 'api' ? apiServer(step, priceOf(step, step.served.name, input)) : toolServer(step);
  });
}

function priceOf(step: WorkflowStep, name: string, { workflow, tokenPrices }: WorkflowInput) {
  const price = tokenPrices.find(({ model }) => model === name);
  if (price !== undefined) return price;
  const known = tokenPrices.map(({ model }) => model);
  const problem = `no price of '${name}' is known; add it with --prices`;
  throw workflowError(workflow.path, { step: step.name, key: 'api', problem, value: name, known });
}
