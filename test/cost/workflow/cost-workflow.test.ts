import { describe, expect, it } from 'vitest';
import type { TokenPrice } from '../../../src/cost/catalog/catalog.ts';
import { workflowCostSchema } from '../../../src/cost/what-if-result.ts';
import type { CostedModel, CostOption } from '../../../src/cost/cost-result.ts';
import type { Load } from '../../../src/cost/load.ts';
import { costWorkflow } from '../../../src/cost/workflow/cost-workflow.ts';
import type { WorkflowInput } from '../../../src/cost/workflow/cost-workflow.ts';
import { InferError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';
import { measuredCurve } from '../fleet/sketch-curve.ts';
import { exact, sketchLoad, sketchOption } from '../whatif/sketch-option.ts';
import { sketchWorkflow } from './sketch-workflow.ts';

function tokenPrice(model: string, input: number, output: number | null): TokenPrice {
  return {
    model,
    provider: 'openai',
    mode: output === null ? 'embedding' : 'chat',
    currency: 'USD',
    usdPerMillionInput: input,
    usdPerMillionOutput: output,
    usdPerMillionCachedInput: input / 10,
    contextTokens: null,
    source: 'a list',
    date: '2026-08-06',
    flags: [],
  };
}

function costed(label: string): CostedModel {
  return { label, path: `/models/${label}`, sha256: label, sizeBytes: 1, results: [], accuracy: null };
}

function inputOf(steps: readonly object[], changes: Partial<WorkflowInput> = {}): WorkflowInput {
  return {
    workflow: sketchWorkflow(...steps),
    models: [costed('cnn.onnx'), costed('llm.onnx')],
    curves: [measuredCurve(), measuredCurve(undefined, { index: 1, modelIndex: 1 })],
    tokenPrices: [tokenPrice('gpt-5-mini', 0.25, 2), tokenPrice('embed', 0.02, null)],
    optionsOf: (modelIndex) => [
      sketchOption({ modelIndex, curveIndex: modelIndex, usdPerMillion: { value: 4, low: 3, high: 6 } }),
    ],
    load: null,
    seed: 0,
    ...changes,
  };
}

const five = [
  { name: 'plan', api: 'gpt-5-mini', input: 800, output: 150, latencyMs: 900, retries: { probability: 0.05, max: 2 } },
  { name: 'retrieve', api: 'embed', input: 60, fanOut: 4, latencyMs: 80, retries: { probability: 0.1, max: 3 } },
  { name: 'tool', usd: 0.0001, latencyMs: 120, fanOut: { min: 2, max: 4 }, output: 500, probability: 0.5 },
  { name: 'verify', model: 'cnn', fanOut: 3, probability: 0.4, retries: { probability: 0.2, max: 1 } },
  {
    name: 'generate',
    api: 'gpt-5-mini',
    input: 300,
    output: 250,
    context: 'accumulate',
    cached: 0.5,
    latencyMs: 2000,
    retries: { probability: 0.02, max: 1 },
  },
];

describe('costWorkflow', () => {
  it('equals what is computed by hand of five steps with fan-out and retries', () => {
    const { cost } = costWorkflow(inputOf(five));
    const plan = 1.0525 * (800 * 0.25 + 150 * 2) * 1e-6;
    const retrieve = 4.444 * 60 * 0.02 * 1e-6;
    const tool = 0.5 * 3 * 0.0001;
    const verify = 0.4 * 3 * 1.2 * 4e-6;
    // It reads 300, the plan's 150, and half of the time three tools' 500; half of that from the cache.
    const read = 1.02 * (300 + 150 + 0.5 * 3 * 500);
    const generate = (read * 0.25 * (0.5 + 0.05) + 1.02 * 250 * 2) * 1e-6;
    const usd = [plan, retrieve, tool, verify, generate];
    const total = usd.reduce((sum, one) => sum + one, 0);
    cost.steps.forEach((step, index) => {
      expect(step.usd.value).toBeCloseTo(usd[index] ?? Number.NaN, 15);
      expect(step.share).toBeCloseTo((usd[index] ?? Number.NaN) / total, 9);
    });
    expect(Math.abs(cost.usdPerRequest.value / total - 1)).toBeLessThan(1e-9);
    expect(cost.callsPerRequest).toEqual(exact(1.0525 + 4.444 + 1.5 + 1.44 + 1.02));
    expect(cost.inputTokensPerRequest).toBeCloseTo(1.0525 * 800 + 4.444 * 60 + read, 9);
    // A tool's output is read, and paid by whoever reads it.
    expect(cost.outputTokensPerRequest).toBeCloseTo(1.0525 * 150 + 1.02 * 250, 9);
    expect(cost.steps[2]?.outputTokens).toBe(0);
  });

  it('carries the interval of a model to the dollars, and no more', () => {
    const { cost } = costWorkflow(inputOf(five));
    const { value, low, high } = cost.usdPerRequest;
    expect(value - (low ?? 0)).toBeCloseTo(1.44e-6, 15);
    expect((high ?? 0) - value).toBeCloseTo(2.88e-6, 15);
    expect(cost.steps[0]?.usd.low).toBe(cost.steps[0]?.usd.value);
  });

  it('is a result that its schema reads', () => {
    const { cost, warnings, options } = costWorkflow(inputOf(five));
    expect(workflowCostSchema.parse(cost)).toEqual(cost);
    expect(warnings).toEqual([]);
    expect(options).toHaveLength(1);
    expect(cost.steps.reduce((sum, { latencyShare }) => sum + (latencyShare ?? 0), 0)).toBeCloseTo(1, 9);
    expect(cost.steps.map(({ serves }) => serves)).toEqual([
      'gpt-5-mini (openai)',
      'embed (openai)',
      'tool',
      'cnn.onnx (c7i.2xlarge, on-demand)',
      'gpt-5-mini (openai)',
    ]);
    expect(cost.latencyMs?.p99Ms.value).toBeGreaterThan(cost.latencyMs?.p50Ms.value ?? Infinity);
    expect(cost.monthlyUsd).toBeNull();
  });

  it('tells no latency where a step tells none, and says so', () => {
    const { cost, warnings } = costWorkflow(
      inputOf([
        { name: 'a', api: 'embed', input: 1 },
        { name: 'b', usd: 1 },
      ]),
    );
    expect(cost).toMatchObject({ latencyMs: null, samples: 0 });
    expect(cost.steps[0]).toMatchObject({ meanMs: null, latencyShare: null });
    expect(warnings).toEqual([
      { code: 'workflow-latency-unknown', details: { path: 'agent.yaml', steps: ['a', 'b'] } },
    ]);
  });

  it('asks each model for the fleet that the calls of all of its steps need', () => {
    const asked: (readonly [number, Load | null])[] = [];
    const optionsOf = (modelIndex: number, load: Load | null): readonly CostOption[] => {
      asked.push([modelIndex, load]);
      return [sketchOption({ modelIndex, curveIndex: modelIndex, usdPerMillion: exact(load === null ? 4 : 8) })];
    };
    const steps = [
      { name: 'first', model: 'cnn.onnx', fanOut: 4 },
      { name: 'other', model: 'llm.onnx', probability: 0.5 },
      { name: 'last', model: '/models/cnn.onnx', probability: 0.5, retries: { probability: 0.5, max: 1 } },
    ];
    const load = { ...sketchLoad, cacheHit: 0.2 };
    const { cost, options } = costWorkflow(inputOf(steps, { optionsOf, load }));
    const loads = new Map(asked.filter(([, asking]) => asking !== null));
    // Eight of ten requests reach the steps: 0.8 · (4 + 0.5 · 1.5) calls of the one, 0.8 · 0.5 of the other.
    expect(loads.get(0)?.meanPerSecond).toBeCloseTo(380, 9);
    expect(loads.get(0)?.peakPerSecond).toBeCloseTo(950, 9);
    expect(loads.get(0)?.requestsPerMonth).toBeCloseTo(262.8e6 * 3.8, 3);
    expect(loads.get(0)).toMatchObject({ cacheHit: 0, arrivals: { kind: 'trace' } });
    expect(loads.get(1)?.meanPerSecond).toBeCloseTo(40, 9);
    expect(loads.get(1)?.arrivals).toEqual({ kind: 'poisson' });
    // Unit costs are those of the fleets, and a request that a cache answers costs nothing.
    expect(cost.usdPerRequest.value).toBeCloseTo(0.8 * (4.75 + 0.5) * 8e-6, 15);
    expect(cost.monthlyUsd?.value).toBeCloseTo(262.8e6 * 0.8 * 5.25 * 8e-6, 6);
    expect(options.map(({ usdPerMillion }) => usdPerMillion.value)).toEqual([8, 8]);
  });

  it('asks for no fleet of a model that is never called', () => {
    const steps = [
      { name: 'a', usd: 1, latencyMs: 1 },
      { name: 'b', model: 'cnn', probability: 0 },
    ];
    const optionsOf = (_: number, load: Load | null): readonly CostOption[] => (load === null ? [sketchOption()] : []);
    expect(costWorkflow(inputOf(steps, { optionsOf, load: sketchLoad })).cost.usdPerRequest).toEqual(exact(1));
  });

  it.each([
    [
      { model: 'cmn.onnx' },
      "agent.yaml: step 'a', 'model': no result has measured 'cmn.onnx'; did you mean 'cnn.onnx'? (known: cnn.onnx, llm.onnx)",
    ],
    [
      { api: 'gpt5-mini' },
      "agent.yaml: step 'a', 'api': no price of 'gpt5-mini' is known; add it with --prices; did you mean 'gpt-5-mini'? (known: gpt-5-mini, embed)",
    ],
  ])('tells what nobody knows: %o', (served, expected) => {
    expect(messageOf(inputOf([{ name: 'a', ...served }]))).toBe(expected);
  });

  it('tells which models a name could mean', () => {
    const models = ['fp32/cnn.onnx', 'int8/cnn.onnx'].map(costed);
    expect(messageOf(inputOf([{ name: 'a', model: 'cnn' }], { models }))).toMatch(
      /'cnn' may be any of several; give more of its path; .*fp32\/cnn\.onnx, int8\/cnn\.onnx/,
    );
  });

  it('tells where no machine serves a model', () => {
    const late = sketchOption({ obstacle: { code: 'cost-overload', details: {} } });
    const optionsOf = (_: number, load: Load | null) => (load === null ? [sketchOption()] : [late]);
    expect(messageOf(inputOf([{ name: 'a', model: 'cnn' }], { optionsOf, load: sketchLoad }))).toMatch(
      /^agent\.yaml: step 'a': none of the machines serves cnn\.onnx at its 250 calls a second/,
    );
  });
});

function messageOf(input: WorkflowInput): string {
  try {
    costWorkflow(input);
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
  return 'no error';
}
