import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../../src/cost/workflow/parse-workflow.ts';
import { DataError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';

const fixtures = new URL('../../../fixtures/workflows/', import.meta.url);

function message(text: string): string {
  try {
    parseWorkflow(text, 'agent.yaml');
  } catch (error) {
    if (error instanceof DataError) return describeError(error);
    throw error;
  }
  return 'no error';
}

const step = (keys: string) => `steps: [{ name: plan, latencyMs: 1, ${keys} }]`;
const two = (keys: string) => `steps: [{ name: plan, usd: 1 }, { name: verify, usd: 1, ${keys} }]`;

describe('parseWorkflow', () => {
  it('fills in what is not told', () => {
    const workflow = parseWorkflow('steps:\n  - name: plan\n    api: gpt-5-mini\n', 'agent.yaml');
    expect(workflow).toEqual({
      path: 'agent.yaml',
      order: [0],
      steps: [
        {
          name: 'plan',
          served: { kind: 'api', name: 'gpt-5-mini', cachedShare: 0 },
          input: { kind: 'fixed', value: 0 },
          output: { kind: 'fixed', value: 0 },
          accumulates: false,
          fanOut: { min: 1, max: 1 },
          isParallel: true,
          join: 'all',
          retries: { probability: 0, max: 0 },
          probability: 1,
          after: [],
          await: 'all',
          when: [],
          latencyMs: null,
          usdPerCall: 0,
        },
      ],
    });
  });

  it('reads every key', () => {
    const text = `
description: for people
steps:
  - { name: a, model: cnn.onnx, input: { mean: 10, sd: 2 }, output: { mean: 5, sd: 0 } }
  - { name: b, after: [], api: x, cached: 0.5, fanOut: 4, join: { quorum: 3 }, latencyMs: { p50: 1, p99: 2 } }
  - name: c
    after: [a, b]
    await: any
    when: b
    api: x
    context: accumulate
    fanOut: { min: 2, max: 3 }
    parallel: false
    retries: { probability: 0.1, max: 2 }
    probability: 0.5
    latencyMs: 7
    usd: 0.25
`;
    const [a, b, c] = parseWorkflow(text, 'agent.yaml').steps;
    expect(a).toMatchObject({
      served: { kind: 'model', name: 'cnn.onnx' },
      input: { kind: 'mean', mean: 10, deviation: 2 },
      output: { kind: 'fixed', value: 5 },
    });
    expect(b).toMatchObject({
      after: [],
      served: { cachedShare: 0.5 },
      join: { quorum: 3 },
      latencyMs: { kind: 'quantiles', p50: 1, p99: 2 },
    });
    expect(c).toMatchObject({
      after: [0, 1],
      await: 'any',
      when: [1],
      accumulates: true,
      fanOut: { min: 2, max: 3 },
      isParallel: false,
      retries: { probability: 0.1, max: 2 },
      probability: 0.5,
      latencyMs: { kind: 'fixed', value: 7 },
      usdPerCall: 0.25,
    });
  });

  it('takes a step to come after the one above it, and after those that it is conditional on', () => {
    const text = 'steps: [{ name: a, usd: 1 }, { name: b, usd: 1 }, { name: c, usd: 1, when: a }]';
    expect(parseWorkflow(text, 'agent.yaml').steps.map(({ after }) => after)).toEqual([[], [0], [1, 0]]);
  });

  it('lets a step wait for one further down, and plays it after that', () => {
    const text = 'steps: [{ name: a, usd: 1, after: c }, { name: b, usd: 1, after: [] }, { name: c, usd: 1 }]';
    expect(parseWorkflow(text, 'agent.yaml').order).toEqual([1, 2, 0]);
  });

  it('takes a quorum of one for the first', () => {
    expect(parseWorkflow(step('fanOut: 2, join: { quorum: 1 }'), 'a.yaml').steps[0]?.join).toBe('any');
  });

  it('reads JSON too', () => {
    expect(parseWorkflow('{"steps":[{"name":"a","usd":1}]}', 'agent.json').steps).toHaveLength(1);
  });

  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.yaml')))('reads the example %s', (name) => {
    expect(parseWorkflow(readFileSync(new URL(name, fixtures), 'utf8'), name).steps.length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['steps: [', /^agent\.yaml: Flow sequence .* at line 1/],
    ['', /^agent\.yaml: a workflow is a mapping with a list of steps$/],
    ['[1, 2]', /a workflow is a mapping with a list of steps$/],
    ['a: 1\n---\nb: 2', /multiple documents/],
    ['{}', /^agent\.yaml: 'steps': it is missing$/],
    ['steps: []', /^agent\.yaml: 'steps': there is no step$/],
    ['steps: 3', /^agent\.yaml: 'steps': steps are a list$/],
    ['steps: [3]', /^agent\.yaml: step '#1': a step is a mapping of keys to values$/],
    ['steps: [{ usd: 1 }]', /^agent\.yaml: step '#1', 'name': it is missing$/],
    ["steps: [{ name: '' }]", /step '#1', 'name': a name has a letter$/],
    ['step: []', /'step': there is no such key; did you mean 'steps'\?/],
    [step('fanout: 3'), /^agent\.yaml: step 'plan', 'fanout': there is no such key; did you mean 'fanOut'\?/],
    [step('retries: { probability: 0.1 }'), /'retries\.max': it is missing$/],
    [step('retries: { probability: 0.1, max: 1, wait: 2 }'), /'retries\.wait': there is no such key; known: prob/],
    [step('retries: 3'), /'retries': it is a mapping of keys to values$/],
    [
      step('retries: { probability: 1.2, max: 2 }'),
      /'retries\.probability': the probability that a call fails is from/,
    ],
    [step('probability: 1.01'), /^agent\.yaml: step 'plan', 'probability': a probability is from 0 to 1$/],
    [step('probability: -0.1'), /a probability is from 0 to 1$/],
    [step('probability: often'), /a probability is from 0 to 1$/],
    [step('probability: .nan'), /a probability is from 0 to 1$/],
    [step('usd: -1'), /'usd': a price is a number from 0 on$/],
    [step('usd: .inf'), /'usd': a price is a number from 0 on$/],
    [step('input: many'), /'input': tokens are a number from 0 on, or \{ mean, sd \}$/],
    [step('input: { mean: 3 }'), /'input': tokens are a number from 0 on, or \{ mean, sd \}$/],
    [step('fanOut: 0'), /'fanOut': a fan-out is a whole number from 1 to 1000/],
    [step('fanOut: 2.5'), /'fanOut': a fan-out is a whole number/],
    [step('fanOut: { min: 4, max: 2 }'), /'fanOut': its max is below its min$/],
    [step('join: any'), /'join': it is about the step's own calls, of which there is one; 'await' is about/],
    [step('join: both, fanOut: 2'), /'join': it is all, any or \{ quorum: a whole number \}$/],
    [step('fanOut: 2, join: { quorum: 3 }'), /'join': there may be 2 calls only: wait for fewer$/],
    [step('fanOut: 2, join: any, parallel: false'), /'join': one after another, all calls are waited for/],
    [step('await: any'), /'await': it is about several steps before, of which there is none/],
    [two('await: any'), /'await': it is about several steps before, of which there is one/],
    ['steps: [{ name: a, latencyMs: { p50: 3, p99: 2 } }]', /'latencyMs': its p99 is below its p50$/],
    [
      'steps: [{ name: a, latencyMs: { p50: 0, p99: 2 } }]',
      /'latencyMs': what cannot fall below 0 cannot vary around 0$/,
    ],
    ['steps: [{ name: a, api: x, input: { mean: 0, sd: 2 } }]', /'input': what cannot fall below 0 cannot vary/],
    ['steps: [{ name: a, model: x, api: y }]', /'api': there is a 'model' too, and one answers: leave one out$/],
    ['steps: [{ name: a, model: x, latencyMs: 3 }]', /'latencyMs': a model's time is the measured one: leave it out$/],
    ['steps: [{ name: a, model: x, cached: 0.3 }]', /'cached': it is for an api/],
    ['steps: [{ name: a, usd: 1, input: 3 }]', /'input': a tool reads no tokens/],
    ['steps: [{ name: a, usd: 1, context: accumulate }]', /'context': a tool reads no tokens/],
    ['steps: [{ name: a }]', /^agent\.yaml: step 'a': it does nothing: give a model, an api, or a latencyMs/],
    ['steps: [{ name: a, usd: 1 }, { name: a, usd: 1 }]', /step 'a', 'name': an earlier step has this name/],
    [two('after: paln'), /step 'verify', 'after': there is no step 'paln'; did you mean 'plan'\?/],
    [two('when: [plan, other]'), /step 'verify', 'when': there is no step 'other'; known: plan$/],
    [two('after: verify'), /'after': these steps wait for one another: verify → verify; leave one out$/],
    [
      'steps: [{ name: a, usd: 1, after: c }, { name: b, usd: 1 }, { name: c, usd: 1 }]',
      /these steps wait for one another: a → b → c → a; leave one out$/,
    ],
  ])('tells what is wrong: %s', (text, expected) => {
    expect(message(text)).toMatch(expected);
  });

  it('is no way to fill the memory', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let index = 1; index < 9; index++) {
      const before = String.fromCodePoint(96 + index);
      const name = String.fromCodePoint(97 + index);
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    expect(message(bomb.join('\n'))).toMatch(/alias/i);
  });
});
