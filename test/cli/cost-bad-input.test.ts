import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { benchResult, okPoint, unmeasuredPoint } from '../report/fixture-bench-result.ts';
import { calibrationCase } from './gate-trial.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { accuracyOf, CostTrial, onGolden, resultOf, serverResult } from './cost-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = new CostTrial('');
beforeEach(() => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new CostTrial(folder);
  trial.write('r.json', serverResult());
});

describe('a flag that makes no sense is one sentence', () => {
  it.each([
    [[], /RESULT is missing: give a saved result of infer bench, or an \.onnx file to measure first/],
    [['nope.json'], /nope\.json: no such file; a result was expected there/],
    [['r.json', '--rps', '0'], /--rps: '0' is not a rate above 0 such as 200 or 0\.5/],
    [
      ['r.json', '--rps', '5', '--requests-per-month', '30M'],
      /--requests-per-month makes no sense with --rps: both tell/,
    ],
    [['r.json', '--profile', 'office'], /--rps is missing: give the load that --profile is about/],
    [['r.json', '--cache-hit', '0.3'], /--rps is missing: give the load that --cache-hit is about/],
    [['r.json', '--rps', '5', '--profile', 'ofice'], /--profile: there is no 'ofice'; did you mean 'office'\?/],
    [['r.json', '--rps', '5', '--profile', 'office', '--peak', '3x'], /--peak makes no sense with --profile/],
    [
      ['r.json', '--slo', 'p99=50'],
      /--slo: 'p99=50' is not a percentile from p50 to p99\.99 and a time such as p99=50ms/,
    ],
    [['r.json', '--balancing', 'sticky'], /argument 'sticky' is invalid/],
    [['r.json', '--utilization', '120%'], /--utilization: '120%' is not a share above 0 and up to 1/],
    [['r.json', '--min-replicas', '0'], /--min-replicas: '0' is not a whole number from 1 on/],
    [['r.json', '--purchase', 'lease'], /--purchase: there is no 'lease'/],
    [['r.json', '--purchase', 'reserved'], /--reserved-discount is missing/],
    [['r.json', '--purchase', 'own'], /--price is missing: give what the measured machine costs/],
    [['r.json', '--purchase', 'spot,serverless'], /--serverless is missing/],
    [['r.json', '--reserved-discount', '100%'], /--reserved-discount: '100%' is not a share/],
    [['r.json', '--price', '0/h'], /--price: '0\/h' is not a price above 0 in US dollars such as 0\.40\/h/],
    [['r.json', '--price', '0.40 EUR/h'], /--price: '0\.40 EUR\/h' is not a price above 0 in US dollars/],
    [['r.json', '--spot-interruptions', '20/h'], /--spot-interruptions: '20\/h' is not rare enough/],
    [['r.json', '--instance', 'c7i.2xlrge'], /--instance: there is no 'c7i\.2xlrge'; did you mean 'c7i\.2xlarge'\?/],
    [['r.json', '--cloud', 'asw'], /--cloud: there is no 'asw'; did you mean 'aws'\?/],
    [['r.json', '--measured-on', 'c7i.mega'], /--measured-on: there is no 'c7i\.mega'/],
    [['r.json', '--measured-on', 's.json=c7i.large'], /--measured-on: there is no 's\.json'; did you mean 'r\.json'\?/],
    [['r.json', '--pue', '0.9'], /--pue: '0\.9' is not a factor from 1 on/],
    [['r.json', '--escalate', '20%'], /--route is missing: give the two models of the cascade/],
    [['r.json', '--route', 'a,b'], /--escalate is missing/],
    [['r.json', '--route', 'fp32.onnx,in8.onnx', '--escalate', '20%'], /--route: no result has a model 'in8\.onnx'/],
    [['r.json', '--vs-api', 'gpt-5'], /--tokens is missing/],
    [['r.json', '--tokens', '1,2'], /--vs-api is missing/],
    [['r.json', '--vs-api', 'gpt5', '--tokens', '1,2'], /--vs-api: there is no 'gpt5'; did you mean 'gpt-5'\?/],
    [['r.json', '--edge', '249,15'], /--edge: '249,15' is not the price in US dollars, the watts and the years/],
    [['r.json', '--batch', '64'], /--batch: '64' is not a batch of 1 to 8, the largest that was measured/],
    [['r.json', '--top', 'all'], /--top: 'all' is not a whole number/],
    [['r.json', '--budget', '10s'], /--budget makes no sense with saved results alone: nothing is measured/],
    [['m.onnx', '--measure-batch', '8'], /--measure-batch: '8' is not several batch sizes/],
    [['r.json', '--workflow', 'nope.yaml'], /nope\.yaml: no such file; a workflow was expected there/],
    [['r.json', '--prices', 'nope.yaml'], /nope\.yaml: no such file; a price list was expected there/],
    [
      ['r.json', '--arrivals', 'nope.csv'],
      /nope\.csv: no such file; a CSV file with times of arrival was expected there/,
    ],
    [['r.json', '--rps', '5', '--arrivals', 'bursty'], /--arrivals: 'bursty' is not poisson, gamma:CV/],
  ])('%j', async (words, sentence) => {
    expect(await trial.run(words)).toEqual(refused(2, sentence));
  });
});

describe('a load or an objective beyond any machine', () => {
  it('is refused with what there is', async () => {
    expect(await trial.run(['r.json', ...onGolden, '--rps', '100M'])).toEqual(
      refused(2, /no fleet of up to 10,000 machines serves 100,000,000 requests a second; lower --rps/),
    );
    // A run of one item takes 4.75 ms.
    expect(await trial.run(['r.json', ...onGolden, '--slo', 'p99=4ms'])).toEqual(
      refused(2, /--slo p99=4\.00 ms: no machine answers in time.*\(c7i\.2xlarge\) takes 4\.75 ms/),
    );
  });
});

describe('a result that holds no costs', () => {
  it('of another kind is told what it is', async () => {
    trial.write('g.json', calibrationCase());
    expect(await trial.run(['g.json'])).toEqual(
      refused(
        2,
        /g\.json is a gate-calibration result, and costs come from times of runs: give results of infer bench/,
      ),
    );
  });

  it('of accuracies alone asks for times', async () => {
    trial.write('e.json', accuracyOf('a'.repeat(64), 0.9));
    expect(await trial.run(['e.json'])).toEqual(
      refused(
        2,
        /RESULT is missing: give a saved result of infer bench, or an \.onnx file to measure: accuracies alone/,
      ),
    );
  });

  it('without batch points says what to run', async () => {
    trial.write('one.json', serverResult({ batches: [4] }));
    expect(await trial.run(['one.json'])).toEqual(
      refused(
        3,
        /one\.json measured fp32\.onnx at batch 4 alone.*infer bench fp32\.onnx --batch 1-32\*2 --threads 8 -o one\.json/,
      ),
    );
  });

  it('with failed points only says how many', async () => {
    const reason = { code: 'run-failed', details: { model: 'm.onnx', provider: 'cpu', problem: 'no' } };
    const points = [unmeasuredPoint(['m.onnx'], { status: 'failed', reason })];
    trial.write('failed.json', benchResult(['m.onnx'], points));
    expect(await trial.run(['failed.json'])).toEqual(
      refused(3, /failed\.json holds no point that was measured \(1 failed, 0 skipped\)/),
    );
  });

  it('leaves failed points out and says so', async () => {
    const { points } = serverResult();
    const reason = { code: 'out-of-memory', details: { model: 'fp32.onnx', stage: 'run', problem: 'no' } };
    const failed = unmeasuredPoint(['fp32.onnx'], { status: 'failed', reason, batch: 16 });
    trial.write('some.json', { ...serverResult(), points: [...points, failed] });
    const { warnings, curves } = await trial.resultOf(['some.json', ...onGolden]);
    expect(warnings).toContainEqual({
      code: 'points-left-out',
      details: { path: 'some.json', failed: 1, skipped: 0 },
    });
    expect(curves[0]?.points.map(({ batch }) => batch)).toEqual([1, 2, 4, 8]);
  });

  it('that is no JSON, or of a newer infer, is told with its place', async () => {
    trial.write('half.json', '{"schemaVersion": 1, "kind": "bench",');
    expect(await trial.run(['half.json'])).toEqual(refused(3, /half\.json is not a result that can be read/));
    trial.write('new.json', { ...serverResult(), schemaVersion: 2 });
    expect(await trial.run(['new.json'])).toEqual(refused(3, /new\.json has result format 2/));
  });
});

describe('evaluations', () => {
  it('of no model that is costed are told', async () => {
    trial.write('e.json', accuracyOf('f'.repeat(64), 0.9));
    const { warnings } = await trial.resultOf(['r.json', 'e.json', ...onGolden]);
    expect(warnings).toContainEqual({ code: 'evaluation-unmatched', details: { path: 'e.json' } });
  });
});

describe('models that take other inputs', () => {
  it('are told, unless they work together', async () => {
    const server = serverResult({ path: 'text.onnx', sha256: 'b'.repeat(64) });
    const [model] = server.models;
    const inputs = [{ name: 'ids', type: 'int64', shape: ['N', 128] }];
    trial.write('text.json', { ...server, models: [{ ...model, inputs }] });
    const warned = async (more: readonly string[]) =>
      (await trial.resultOf(['r.json', 'text.json', ...onGolden, ...more])).warnings.filter(
        ({ code }) => code === 'models-unlike',
      );
    expect(await warned([])).toEqual([{ code: 'models-unlike', details: { model: 'text.onnx', first: 'fp32.onnx' } }]);
    expect(await warned(['--route', 'text.onnx,fp32.onnx', '--escalate', '0.1'])).toEqual([]);
  });
});

describe('data files', () => {
  it.each([
    ['t_s\n0\n1\n\n2\n', /trace\.csv, line 4: .*the time of arrival is missing/],
    ['t_s\n0\n2\n1\n', /trace\.csv, line 4: .*arrives before the one above it/],
    ['t_s\n0\n', /trace\.csv.*one request tells no rate/],
  ])('a trace of %j', async (text, sentence) => {
    trial.write('trace.csv', text);
    expect(await trial.run(['r.json', '--arrivals', 'trace.csv'])).toEqual(refused(3, sentence));
  });

  it.each([
    ['instances: [{ name: c7i.2xlarge, onDemandUsdPerHour: 0 }]', /p\.yaml, instances\[0\]/],
    ['instances: [{ name: c7i.2xlarge, onDemandUsdPerHour: -1 }]', /p\.yaml, instances\[0\]/],
    ['instances: [{ name: c7i.2xlarge, onDemandUsdPerHour: 0.3, currency: EUR }]', /p\.yaml, instances\[0\].*USD/],
  ])('prices of %j', async (text, sentence) => {
    trial.write('p.yaml', text);
    expect(await trial.run(['r.json', '--prices', 'p.yaml'])).toEqual(refused(3, sentence));
  });

  it.each([
    ['steps: [{ name: a, after: b, usd: 1 }, { name: b, after: a, usd: 1 }]', /w\.yaml.*(a → b → a)/],
    ['steps: [{ name: a, after: z, usd: 1 }]', /w\.yaml.*'z'/],
    ['steps: [{ name: a, probability: 1.5, usd: 1 }]', /w\.yaml.*probability/],
    ['steps: [{ name: a, model: nobody }]', /w\.yaml.*nobody/],
    ['steps: [{ name: a, api: gpt-55 }]', /w\.yaml.*gpt-55/],
  ])('a workflow of %j', async (text, sentence) => {
    trial.write('w.yaml', text);
    expect(await trial.run(['r.json', ...onGolden, '--workflow', 'w.yaml'])).toEqual(refused(3, sentence));
  });
});

describe('a config', () => {
  it.each([
    ['cost: { rsp: 5 }', /key 'cost\.rsp' is invalid: there is no such key; did you mean 'rps'\?/],
    ['cost: { fast: maybe }', /key 'cost\.fast' is invalid/],
    ['cost: { utilization: 3 }', /--utilization: '3' is not a share/],
  ])('%j', async (text, sentence) => {
    trial.write('infer.config.yaml', text);
    expect(await trial.run(['r.json'])).toEqual(refused(2, sentence));
  });
});

describe('names of models', () => {
  it('that fit several are told which', async () => {
    const server = (path: string, sha256: string) => ({ path, sha256: sha256.repeat(64) });
    trial.write('two.json', resultOf(server('a/m.onnx', 'a'), server('b/m.onnx', 'b')));
    expect(await trial.run(['two.json', ...onGolden, '--route', 'm.onnx,a/m.onnx', '--escalate', '0.1'])).toEqual(
      refused(2, /--route: 'm\.onnx' may be a\/m\.onnx, b\/m\.onnx; give as much of the path as tells them apart/),
    );
  });
});

// A model without a batch axis has one point, and that is all there is to measure.
it('a model without a batch axis needs no batches', async () => {
  const result = benchResult(['m.onnx'], [okPoint(['m.onnx'], { batch: null, p50: 5 })]);
  const models = result.models.map((model) => ({
    ...model,
    inputs: [{ name: 'x', type: 'float32', shape: [3, 224, 224] }],
  }));
  trial.write('fixed.json', { ...result, models });
  const { curves } = await trial.resultOf(['fixed.json', ...onGolden]);
  expect(curves[0]?.points.map(({ batch }) => batch)).toEqual([1]);
});
