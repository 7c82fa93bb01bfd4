import type { CostCurve, CostedModel, CostOption, CostResult } from '../../cost/cost-result.ts';
import { itemsPerSecondAt } from '../../cost/service/times-at.ts';
import { alternatives } from '../../cost/whatif/alternatives.ts';
import { apiBreakEven } from '../../cost/whatif/api-break-even.ts';
import { cheapestOption } from '../../cost/whatif/cheapest-option.ts';
import { edgeBreakEven } from '../../cost/whatif/edge-break-even.ts';
import { route } from '../../cost/whatif/route.ts';
import type { FleetSources } from './fleets-for.ts';
import { fleetsFor } from './fleets-for.ts';
import { modelNamed } from './model-named.ts';

export interface Projected extends FleetSources {
  readonly models: readonly CostedModel[];
  /** Ranked. */
  readonly options: readonly CostOption[];
}

type Answers = Pick<CostResult, 'alternatives' | 'route' | 'apiBreakEven' | 'edgeBreakEven'>;

/** What would make it cheaper. Throws UsageError for a model that there is not. */
export function answerQuestions(projected: Projected): Answers {
  const { options, models } = projected;
  return {
    alternatives: [
      ...alternatives({
        options,
        models,
        curves: curvesOf(projected),
        services: projected.curves.map(({ measured }) => measured.curve),
      }),
    ],
    route: routeOf(projected),
    apiBreakEven: apiOf(projected),
    edgeBreakEven: edgeOf(projected),
  };
}

function curvesOf({ curves }: Pick<Projected, 'curves'>): readonly CostCurve[] {
  return curves.map(({ described }) => described);
}

function routeOf(projected: Projected): CostResult['route'] {
  const { request, models } = projected;
  if (request.route === null) return null;
  const { escalated } = request.route;
  const largeModel = modelNamed(request.route.large, models, '--route');
  const small = cheapestOf(projected, modelNamed(request.route.small, models, '--route'));
  const large = cheapestOf(projected, largeModel);
  if (small === null || large === null) return null;
  const escalation = escalationOf(projected, largeModel, escalated) ?? large.option;
  const requestsPerMonth = request.settings.load?.requestsPerMonth ?? null;
  return route({ small, large, escalation, escalated, requestsPerMonth });
}

/** The first option that serves and does the work that is meant, of one model or of any. */
function cheapestOf({ options, ...projected }: Pick<Projected, 'options' | 'curves'>, modelIndex: number | null) {
  const curves = curvesOf(projected);
  const index = cheapestOption(options, curves, { modelIndex });
  const option = index === null ? undefined : options[index];
  return index === null || option === undefined ? null : { index, option };
}

/** The cheapest fleet of the large model for what is escalated; null where the load does not matter. */
function escalationOf(projected: Projected, modelIndex: number, escalated: number): CostOption | null {
  const { load } = projected.request.settings;
  if (load === null || escalated === 0) return null;
  const options = fleetsFor(projected, modelIndex, {
    ...load,
    meanPerSecond: load.meanPerSecond * escalated,
    peakPerSecond: load.peakPerSecond * escalated,
    requestsPerMonth: load.requestsPerMonth * escalated,
  });
  return cheapestOf({ ...projected, options }, modelIndex)?.option ?? null;
}

function apiOf({ request: { api, settings }, prepared: { apiPrice }, curves, options }: Projected) {
  if (api === null || apiPrice === null) return null;
  const { inputTokens, outputTokens, cachedShare } = api;
  return apiBreakEven({
    price: apiPrice,
    call: { inputTokens, outputTokens, cachedShare },
    options,
    curves: curvesOf({ curves }),
    settings,
  });
}

function edgeOf(projected: Projected): CostResult['edgeBreakEven'] {
  const { request, prepared, curves } = projected;
  const { edge } = request;
  const cloud = cheapestOf(projected, null);
  if (edge === null || cloud === null) return null;
  const onDevice = curves.filter(
    ({ sweep, measured }) => prepared.isOfDevice(sweep.path) && measured.modelIndex === cloud.option.modelIndex,
  );
  const rates = onDevice.flatMap(({ sweep, measured: { curve } }) =>
    curve.points.map(({ batch }) => itemsPerSecondAt(curve, batch).value * sweep.instances),
  );
  return edgeBreakEven({ device: edge, cloud, deviceItemsPerSecond: rates.length === 0 ? null : Math.max(...rates) });
}
