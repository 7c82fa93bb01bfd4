import type { CostResult } from '../../cost/cost-result.ts';
import type { CostWarning } from '../../cost/cost-warning.ts';
import { costWorkflow } from '../../cost/workflow/cost-workflow.ts';
import type { Projected } from './answer-questions.ts';
import { fleetsFor } from './fleets-for.ts';

export interface WorkflowAnswer {
  readonly workflow: CostResult['workflow'];
  readonly warnings: readonly CostWarning[];
}

/**
 * What a request costs that sets off the steps of a workflow; nothing where none was given.
 * @throws DataError for a model or an API that nobody knows, UsageError where no machine serves a model
 */
export function answerWorkflow(projected: Projected): WorkflowAnswer {
  const { request, prepared, models, curves } = projected;
  if (prepared.workflow === null) return { workflow: null, warnings: [] };
  const { cost, warnings } = costWorkflow({
    workflow: prepared.workflow,
    models,
    curves: curves.map(({ measured }) => measured),
    tokenPrices: prepared.catalog.tokenPrices,
    optionsOf: (modelIndex, load) => fleetsFor(projected, modelIndex, load),
    load: request.settings.load,
    seed: request.settings.seed,
  });
  return { workflow: cost, warnings };
}
