import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { calibrateGate } from '../../src/commands/calibrate-gate.ts';
import { gate } from '../../src/commands/gate.ts';
import { defaultRules } from '../../src/gate/default-rules.ts';
import type { GateRule } from '../../src/gate/gate-rule.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { failedCase, gateResult, interruptedCase, passedCase, scenario } from '../report/gate-cases.ts';
import { runInfer } from './buffered-io.ts';
import { calibrationCase, GateTrial } from './gate-trial.ts';
import { refused } from './optimize-trial.ts';

vi.mock('../../src/commands/gate.ts', () => ({ gate: vi.fn<() => void>() }));
vi.mock('../../src/commands/calibrate-gate.ts', () => ({ calibrateGate: vi.fn<() => void>() }));

const files = temporaryFolder();
afterAll(files.remove);

let trial = new GateTrial('');
let { run, requestOf, write } = trial;
beforeEach(() => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new GateTrial(folder);
  ({ run, requestOf, write } = trial);
  vi.mocked(gate).mockImplementation(trial.play);
  vi.mocked(calibrateGate).mockImplementation(trial.playCalibration);
});

const both = ['--base', 'b.onnx', '--head', 'models/h.onnx'];
const rulesOf = async (words: readonly string[]): Promise<Readonly<Record<string, GateRule>>> => {
  const [scenario] = (await requestOf(words)).scenarios;
  return Object.fromEntries((scenario?.rules ?? []).map((rule) => [rule.metric, rule]));
};

describe('the request', () => {
  it('has defaults that suit a first gate', async () => {
    expect(await requestOf(both)).toEqual({
      scenarios: [
        {
          name: 'h',
          owner: null,
          base: 'b.onnx',
          head: 'models/h.onnx',
          provider: 'cpu',
          threads: null,
          instances: 1,
          batch: null,
          batchDimension: undefined,
          dims: {},
          shapes: {},
          values: {},
          dataPath: null,
          quality: null,
          rules: defaultRules({ instances: 1, hasQuality: false }),
        },
      ],
      alpha: 0.01,
      budgetMs: 180_000,
      seed: 0,
      maxPairs: 100,
      confirm: false,
      onInconclusive: 'warn',
      timeoutMs: 120_000,
      optimization: 'all',
      strictProvider: false,
      tolerance: { absolute: 1e-3, relative: 1e-2 },
      baseline: null,
      mode: 'gate',
      journalPath: join(trial.cwd, '.infer', 'gate.jsonl'),
      resume: false,
      today: '2025-03-04',
    });
    expect(trial.contexts[0]).toMatchObject({ cwd: trial.cwd, envelope: { command: ['infer', 'gate', ...both] } });
  });

  it('has what the flags say', async () => {
    const place = ['--ep', 'webgpu', '--strict-ep', '--threads', '2', '--instances', '3', '--batch', '4'];
    const inputs = ['--dim', 'seq=8', '--shape', 'x=1x2', '--input', 'sr=16000', '--batch-dim', 'n', '--data', 'd.npz'];
    const protocol = ['--budget', '90s', '--max-pairs', '40', '--alpha', '5%', '--seed', '7', '--timeout', '5s'];
    const doubt = ['--confirm', '--on-inconclusive', 'fail', '--optimization', 'basic', '--atol', '0', '--rtol', '0.1'];
    const request = await requestOf([...both, ...place, ...inputs, ...protocol, ...doubt, '--resume', 'j.jsonl']);
    expect(request).toMatchObject({
      alpha: 0.05,
      budgetMs: 90_000,
      seed: 7,
      maxPairs: 40,
      confirm: true,
      onInconclusive: 'fail',
      timeoutMs: 5000,
      optimization: 'basic',
      strictProvider: true,
      tolerance: { absolute: 0, relative: 0.1 },
      journalPath: join(trial.cwd, 'j.jsonl'),
      resume: true,
      scenarios: [
        {
          provider: 'webgpu',
          threads: 2,
          instances: 3,
          batch: 4,
          batchDimension: 'n',
          dims: { seq: 8 },
          shapes: { x: [1, 2] },
          dataPath: join(trial.cwd, 'd.npz'),
          quality: null,
        },
      ],
    });
  });

  it('goes on with the usual journal where --resume names none', async () => {
    const journalPath = join(trial.cwd, '.infer', 'gate.jsonl');
    expect(await requestOf([...both, '--resume'])).toMatchObject({ resume: true, journalPath });
  });

  it('judges quality where --max-drop says how much', async () => {
    const [scenario] = (await requestOf([...both, '--data', 'd.npz', '--max-drop', '0.5pt'])).scenarios;
    const dataPath = join(trial.cwd, 'd.npz');
    expect(scenario).toMatchObject({
      dataPath,
      quality: { dataPath, maxDrop: { text: '0.5pt', limit: { kind: 'points', value: 0.5 } }, task: { topK: 5 } },
    });
    expect(scenario?.rules.map(({ metric }) => metric)).toContain('quality');
    expect(scenario?.rules.map(({ metric }) => metric)).not.toContain('outputs');
    // What is not arrays feeds no measurement.
    const [texts] = (await requestOf([...both, '--data', 'd.jsonl', '--max-drop', '1%'])).scenarios;
    expect(texts).toMatchObject({
      dataPath: join(trial.cwd, 'd.jsonl'),
      quality: { dataPath: join(trial.cwd, 'd.jsonl') },
    });
  });

  it('names a base by its ref alone where the path is the head’s', async () => {
    const [scenario] = (await requestOf(['--base', 'git:main', '--head', 'models/h.onnx'])).scenarios;
    expect(scenario?.base).toBe('git:main:./models/h.onnx');
    const [absolute] = (await requestOf(['--base', 'git:main', '--head', join(trial.cwd, 'h.onnx')])).scenarios;
    expect(absolute?.base).toBe('git:main:./h.onnx');
  });

  it('has a stored baseline, and why it is written anew', async () => {
    const stored = ['--head', 'h.onnx', '--baseline', 'b.json'];
    const path = join(trial.cwd, 'b.json');
    expect(await requestOf(stored)).toMatchObject({ baseline: { path, update: null }, scenarios: [{ base: null }] });
    const update = [...stored, '--update-baseline', 'larger vocabulary'];
    expect(await requestOf(update)).toMatchObject({ baseline: { path, update: 'larger vocabulary' } });
  });

  it('holds a model against itself to calibrate', async () => {
    const calibrated = { mode: 'calibrate', scenarios: [{ head: 'm.onnx', base: null }] };
    expect(await requestOf(['--calibrate', '--head', 'm.onnx'])).toMatchObject(calibrated);
    expect(await requestOf(['--calibrate', '--base', 'm.onnx'])).toMatchObject(calibrated);
  });
});

describe('rules', () => {
  it('have one tolerance of all that is measured', async () => {
    const rules = await rulesOf([...both, '--tolerance', '8%', '--instances', '2']);
    expect([rules['latency-p50']?.tolerance, rules['throughput']?.tolerance]).toEqual([0.08, 0.08]);
    expect([rules['file-size']?.tolerance, rules['nodes']?.tolerance]).toEqual([0, 0]);
  });

  it('have budgets of latency', async () => {
    const rules = await rulesOf([...both, '--max-latency', 'p99=20ms', '--max-latency', 'p50 <= 5ms']);
    expect(rules['latency-p99']).toMatchObject({ tolerance: null, budget: 20 });
    expect(rules['latency-p50']).toMatchObject({ tolerance: 0.05, budget: 5 });
    expect(Object.keys(rules)).toContain('file-size');
  });

  it('are those of the named metrics alone', async () => {
    const words = ['--metric', 'throughput,file-size', '--metric', 'load-time', '--max-latency', 'p99=20ms'];
    expect(Object.keys(await rulesOf([...both, ...words]))).toEqual([
      'throughput',
      'load-time',
      'latency-p99',
      'file-size',
    ]);
  });

  it('suffice without a base where they have a budget', async () => {
    const request = await requestOf(['--head', 'h.onnx', '--max-latency', 'p99=20ms']);
    expect(request.scenarios).toMatchObject([{ base: null }]);
  });
});

const config = `
gate:
  alpha: 2%
  budget: 2m
  tolerance: 10%
  onInconclusive: fail
  confirm: true
  baseline: stored/b.json
  scenarios:
    small:
      model: models/s.onnx
      base: git:origin/main:models/s.onnx
      owner: '@vision'
      ep: webgpu
      threads: 2
      batch: 4
      dim: { seq: 8 }
      data: d.npz
      quality: { data: q.npz, maxDrop: 1pt, task: classification, topK: 3, metric: [top-k, accuracy], preprocess: { resize: 256 } }
      metrics:
        latency-p50: { tolerance: 8%, floor: 0.05ms }
        latency-p99: { budget: "p99 <= 20ms", note: what the service promises }
        nodes: { severity: fail }
        macs: { severity: off }
        file-size:
          waiver: { until: 2020-12-31, reason: larger vocabulary, link: "https://example.com/1" }
    large:
      model: models/l.onnx
      base: git:v1:./l.onnx
      tolerance: 3%
`;

describe('the config', () => {
  it('has scenarios with rules of their own, paths from its own folder', async () => {
    const path = write('sub/infer.config.yaml', config);
    const request = await requestOf(['--config', path]);
    expect(request).toMatchObject({
      alpha: 0.02,
      budgetMs: 120_000,
      onInconclusive: 'fail',
      confirm: true,
      baseline: { path: join(trial.cwd, 'sub', 'stored', 'b.json') },
    });
    const [small, large] = request.scenarios;
    expect(small).toMatchObject({
      name: 'small',
      owner: '@vision',
      base: 'git:origin/main:models/s.onnx',
      head: join('sub', 'models', 's.onnx'),
      provider: 'webgpu',
      threads: 2,
      batch: 4,
      dims: { seq: 8 },
      dataPath: join(trial.cwd, 'sub', 'd.npz'),
      quality: {
        dataPath: join(trial.cwd, 'sub', 'q.npz'),
        maxDrop: { text: '1pt' },
        task: { name: 'classification', topK: 3, metrics: ['top-k', 'accuracy'] },
        preprocess: { resize: 256 },
      },
    });
    const rules = Object.fromEntries((small?.rules ?? []).map((rule) => [rule.metric, rule]));
    expect(rules['latency-p50']).toMatchObject({ tolerance: 0.08, floor: 0.05 });
    expect(rules['latency-p99']).toMatchObject({ budget: 20, note: 'what the service promises' });
    expect(rules['nodes']).toMatchObject({ severity: 'fail', tolerance: 0 });
    expect(rules['macs']).toBeUndefined();
    // A waiver that has expired is none, and no error: the gate tells.
    expect(rules['file-size']?.waiver).toEqual({
      until: '2020-12-31',
      reason: 'larger vocabulary',
      link: 'https://example.com/1',
    });
    expect(large).toMatchObject({ base: 'git:v1:./sub/l.onnx', threads: null, quality: null });
    expect(large?.rules[0]).toMatchObject({ metric: 'latency-p50', tolerance: 0.03 });
  });

  it('has the section’s tolerance where a scenario says none', async () => {
    const text = '{"gate":{"tolerance":0.1,"scenarios":{"a":{"model":"a.onnx","base":"b.onnx"}}}}';
    const [scenario] = (await requestOf(['--config', write('c.json', text)])).scenarios;
    expect(scenario?.rules[0]).toMatchObject({ tolerance: 0.1 });
    expect(scenario?.rules.find(({ metric }) => metric === 'file-size')).toMatchObject({ tolerance: 0 });
  });

  it('gives way to flags, in every scenario', async () => {
    const path = write('infer.config.yaml', config);
    const words = ['--config', path, '--threads', '1', '--tolerance', '20%', '--alpha', '1%', '--base', 'git:HEAD~1'];
    const request = await requestOf(words);
    expect(request.alpha).toBe(0.01);
    expect(request.scenarios.map(({ threads }) => threads)).toEqual([1, 1]);
    expect(request.scenarios.map(({ rules }) => rules[0]?.tolerance)).toEqual([0.2, 0.2]);
    expect(request.scenarios.map(({ base }) => base)).toEqual([
      'git:HEAD~1:./models/s.onnx',
      'git:HEAD~1:./models/l.onnx',
    ]);
  });

  it('is asked for some of its scenarios, and stands back for a model of the command line', async () => {
    write('infer.config.yaml', config);
    expect((await requestOf(['--scenario', 'large'])).scenarios.map(({ name }) => name)).toEqual(['large']);
    const one = await requestOf(['--scenario', 'large', '--head', 'x.onnx', '--base', 'y.onnx']);
    expect(one.scenarios).toMatchObject([{ name: 'large', head: 'x.onnx', base: 'y.onnx' }]);
    const lone = await requestOf([...both]);
    expect(lone).toMatchObject({ alpha: 0.02, scenarios: [{ name: 'h', owner: null, threads: null }] });
  });
});

describe('the result', () => {
  const doubt = (verdict: 'inconclusive' | 'incomparable', onInconclusive: 'warn' | 'fail' | 'pass') =>
    gateResult({ verdict, settings: { ...gateResult().settings, onInconclusive } });
  const failure = { code: 'run-failed', details: { model: 'm.onnx', provider: 'cpu', problem: 'no' } };
  it.each([
    ['a pass', passedCase(), 0],
    ['a fail', failedCase(), 1],
    ['new', gateResult({ verdict: 'new' }), 0],
    ['inconclusive', doubt('inconclusive', 'warn'), 0],
    ['inconclusive, which fails', doubt('inconclusive', 'fail'), 5],
    ['inconclusive, which passes', doubt('inconclusive', 'pass'), 0],
    ['incomparable', doubt('incomparable', 'warn'), 0],
    ['incomparable, which fails', doubt('incomparable', 'fail'), 5],
    ['a model that does not run', gateResult({ verdict: 'fail', scenarios: [scenario({ failure })] }), 4],
    ['an interruption', { ...interruptedCase(), verdict: 'fail' as const }, 130],
  ])('%s', async (_, result, exitCode) => {
    trial.result = result;
    const outcome = await run([...both, '--json']);
    expect(outcome).toMatchObject({ exitCode, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(result);
  });

  it.each([
    ['what the machine can tell', calibrationCase(), 0],
    ['a tolerance that it cannot', { ...calibrationCase(), verdict: 'fail' as const }, 1],
    ['an interruption', { ...calibrationCase(), interrupted: true }, 130],
  ])('of a calibration: %s', async (_, calibration, exitCode) => {
    trial.calibration = calibration;
    const file = join(trial.cwd, 'calibration.json');
    expect(await run(['--calibrate', '--head', 'm.onnx', '-o', file])).toMatchObject({ exitCode });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(calibration);
  });

  it('goes to a file by its ending, with every cell', async () => {
    trial.result = failedCase();
    for (const [name, begin] of [
      ['gate.json', '{'],
      ['gate.md', ''],
      ['gate.xml', '<?xml'],
      ['gate.csv', 'scenario'],
    ] as const) {
      const file = join(trial.cwd, name);
      expect(await run([...both, '-o', file])).toMatchObject({ exitCode: 1 });
      expect(readFileSync(file, 'utf8').startsWith(begin)).toBe(true);
    }
  });

  it('is written where the gate failed, and is not where it may not be', async () => {
    write('models/h.onnx', 'model');
    const outcome = await run([...both, '-o', join(trial.cwd, 'models', 'h.onnx'), '--format', 'json']);
    expect(outcome).toEqual(refused(2, /h\.onnx cannot be written: it is an input of this very command/));
    expect(trial.requests).toEqual([]);
  });
});

describe('--replay', () => {
  it('judges what was saved again, under other limits', async () => {
    const rules = [...defaultRules({ instances: 1, hasQuality: false })];
    const saved = { ...failedCase(), scenarios: failedCase().scenarios.map((each) => ({ ...each, rules })) };
    const path = write('gate.json', JSON.stringify(saved));
    const words = ['--replay', path, '--tolerance', '50%', '--alpha', '5%', '--on-inconclusive', 'fail', '--json'];
    const { stdout, exitCode } = await run(words);
    const result = JSON.parse(stdout) as typeof saved;
    expect([0, 1, 5]).toContain(exitCode);
    expect(result).toMatchObject({ replayOf: path, settings: { alpha: 0.05, onInconclusive: 'fail' } });
    const tolerances = result.scenarios.flatMap(({ rules }) =>
      rules.filter(({ metric }) => metric === 'latency-p50').map(({ tolerance }) => tolerance),
    );
    expect(new Set(tolerances)).toEqual(new Set([0.5]));
    expect(result.scenarios.map(({ blocks }) => blocks)).toEqual(saved.scenarios.map(({ blocks }) => blocks));
    expect(trial.requests).toEqual([]);
  });
});

describe('--help', () => {
  it('shows the options with their defaults, and examples', async () => {
    const { exitCode, stdout } = await runInfer(['gate', '--help']);
    expect(exitCode).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(/--budget <time> [^<]*\(default: "3m"\)/);
    expect(text).toMatch(/--tolerance <share> [^<]*\(default: 5%\)/);
    for (const flag of ['--max-latency <pNN=time>', '--replay <result>', '--update-baseline <reason>', '--calibrate'])
      expect(text).toContain(flag);
    expect(stdout.match(/^ {2}\$ infer gate /gm)?.length).toBeGreaterThanOrEqual(3);
  });
});
