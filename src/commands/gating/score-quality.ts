import type { GateScenarioResult } from '../../gate/gate-result.ts';
import { evaluate } from '../evaluate.ts';
import type { EvaluateRequest } from '../evaluate.ts';
import type { GateContext, GateQualityRequest, GateRequest } from '../gate-request.ts';
import type { OpenedScenario } from './open-scenarios.ts';

export type Scored = Pick<GateScenarioResult, 'quality' | 'scores'>;

export interface Scoring {
  readonly request: GateRequest;
  readonly context: GateContext;
}

/** The head's drop against the base on the data, as `infer evaluate --reference` tells it. Throws as that does. */
export async function scoreQuality(scenario: OpenedScenario, { request, context }: Scoring): Promise<Scored> {
  const { quality } = scenario.request;
  if (quality === null || scenario.base.kind !== 'model') return { quality: null, scores: null };
  const { name } = scenario.request;
  const { drop, metrics } = await evaluate(evaluateRequest(scenario, quality, request), {
    ...context,
    onEvent: (event) => {
      if (event.kind === 'samples')
        context.onEvent({ kind: 'evaluating', scenario: name, done: event.done, of: event.of });
    },
  });
  const scored = metrics.find((metric) => metric.name === drop?.of);
  return {
    quality: drop,
    scores:
      scored === undefined ? null : { base: scored.reference?.value?.value ?? null, head: scored.value?.value ?? null },
  };
}

function evaluateRequest(
  { base, head, request: scenario }: OpenedScenario,
  quality: GateQualityRequest,
  { strictProvider, seed, timeoutMs }: GateRequest,
): EvaluateRequest {
  const { dataPath, samples, batch, task, preprocess, pairs, tokenizer, maxDrop } = quality;
  const { provider, threads, batchDimension, dims, shapes, values } = scenario;
  return {
    modelPath: head.file.path,
    referencePath: base.kind === 'model' ? base.gated.file.path : null,
    dataPath,
    samples,
    batch,
    batchDimension,
    task,
    preprocess,
    pairs,
    tokenizer,
    provider,
    threads,
    dims,
    shapes,
    values,
    strictProvider,
    seed,
    timeoutMs,
    goal: {
      maxDrop,
      minSqnrDb: null,
      warnsOfDoubt: false,
    },
  };
}
