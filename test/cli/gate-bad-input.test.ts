import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { calibrateGate } from '../../src/commands/calibrate-gate.ts';
import { gate } from '../../src/commands/gate.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { gateResult } from '../report/gate-cases.ts';
import { GateTrial } from './gate-trial.ts';
import { refused } from './optimize-trial.ts';

vi.mock('../../src/commands/gate.ts', () => ({ gate: vi.fn<() => void>() }));
vi.mock('../../src/commands/calibrate-gate.ts', () => ({ calibrateGate: vi.fn<() => void>() }));

const files = temporaryFolder();
afterAll(files.remove);

let trial = new GateTrial('');
let { run, write } = trial;
beforeEach(() => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new GateTrial(folder);
  ({ run, write } = trial);
  vi.mocked(gate).mockImplementation(trial.play);
  vi.mocked(calibrateGate).mockImplementation(trial.playCalibration);
});

const both = ['--base', 'b.onnx', '--head', 'h.onnx'];

describe('a mistake of usage is one sentence, and nothing is done', () => {
  it.each([
    [[], /--head is missing: give the model to gate: the path of an \.onnx file/],
    [
      ['--head', 'h.onnx'],
      /--base is missing: give what the head is held against: a model, git:REF:PATH, or the saved result of a gate or a bench \(without one, --baseline or a budget such as --max-latency p99=20ms\)/,
    ],
    [['--head', 'h.onnx', '--metric', 'file-size'], /--base is missing/],
    [[...both, '--tolerance', '5'], /--tolerance: '5' is not a share such as 5% or 0\.05/],
    [[...both, '--alpha', '0'], /--alpha: '0' is not a share such as 3% or 0\.03/],
    [[...both, '--budget', 'soon'], /--budget: 'soon' is not a time such as 500ms, 2s or 3m/],
    [[...both, '--max-pairs', '0'], /--max-pairs: '0' is not a whole number from 1 on/],
    [[...both, '--lock-timeout', 'never'], /--lock-timeout: 'never' is not a time/],
    [[...both, '--max-latency', '20ms'], /--max-latency: '20ms' is not a percentile and a time such as p99=20ms/],
    [[...both, '--max-latency', 'p99=20MB'], /--max-latency: 'p99=20MB' is not a time such as 20ms/],
    [[...both, '--max-latency', 'p99=0ms'], /--max-latency: 'p99=0ms' is not a budget that can be met/],
    [[...both, '--metric', 'latncy-p50'], /--metric: there is no 'latncy-p50'; did you mean 'latency-p50'\?/],
    [
      [...both, '--metric', 'latency-p99'],
      /--max-latency is missing: give the limit that latency-p99 is held against, such as p99=20ms/,
    ],
    [
      [...both, '--metric', 'quality'],
      /--max-drop is missing: give the limit that quality is held against, and --data/,
    ],
    [[...both, '--max-drop', '1%'], /--data is missing: give the samples that --max-drop is judged on/],
    [[...both, '--max-drop', 'much', '--data', 'd.npz'], /--max-drop: 'much' is not points/],
    [[...both, '--scenario', 'small'], /--scenario: there is no 'small'/],
    [[...both, '--ep', 'gpu'], /--ep: there is no 'gpu'/],
    [
      [...both, '--update-baseline', 'why'],
      /--baseline is missing: give the file or folder that --update-baseline writes/,
    ],
    [[...both, '--on-inconclusive', 'maybe'], /--on-inconclusive <what>' argument 'maybe' is invalid/],
    [[...both, '--format', 'xml'], /--format <format>' argument 'xml' is invalid/],
    [
      [...both, '--replay', 'g.json'],
      /--base makes no sense with --replay: what was saved is judged again, and nothing is run/,
    ],
    [['--replay', 'g.json', '--resume'], /--resume makes no sense with --replay/],
    [
      ['--calibrate', '--head', 'h.onnx', '--baseline', 'b.json', '--update-baseline', 'why'],
      /--update-baseline makes no sense with --calibrate: it judges nothing/,
    ],
    [['--replay', 'nope.json'], /nope\.json: no such file; a saved gate was expected there/],
  ])('%j', async (words, sentence) => {
    expect(await run(words)).toEqual(refused(2, sentence));
    expect(trial.requests).toEqual([]);
  });
});

/** A config of one scenario, with more of its own or of its metrics. */
const scenarioOf = (more: object) => ({ gate: { scenarios: { s: { model: 'm.onnx', base: 'b.onnx', ...more } } } });
const metricsOf = (metrics: object) => scenarioOf({ metrics });

describe('a config that makes no sense is told with the key at fault', () => {
  it.each([
    // Keys that nobody knows.
    [{ gate: { scenario: {} } }, /key 'gate\.scenario' is invalid: there is no such key; did you mean 'scenarios'\?/],
    [
      scenarioOf({ modle: 'x' }),
      /key 'gate\.scenarios\.s\.modle' is invalid: there is no such key; did you mean 'model'\?/,
    ],
    [
      metricsOf({ 'latency-p5': {} }),
      /key 'gate\.scenarios\.s\.metrics\.latency-p5' is invalid: there is no such key; did you mean 'latency-p\d+'\?/,
    ],
    [
      metricsOf({ nodes: { tolerence: 0 } }),
      /key 'gate\.scenarios\.s\.metrics\.nodes\.tolerence' is invalid: there is no such key; did you mean 'tolerance'\?/,
    ],
    [
      metricsOf({ nodes: { waiver: { until: '2026-12-31', reason: 'r', url: 'x' } } }),
      /key 'gate\.scenarios\.s\.metrics\.nodes\.waiver\.url' is invalid: there is no such key.*until, reason, link/,
    ],
    [
      scenarioOf({ quality: { data: 'q.npz', maxdrop: 1 } }),
      /key 'gate\.scenarios\.s\.quality\.maxdrop' is invalid: .*did you mean 'maxDrop'\?/,
    ],
    // Rules that a metric cannot have.
    [
      metricsOf({ outputs: { budget: '1' } }),
      /key 'gate\.scenarios\.s\.metrics\.outputs\.budget' is invalid: there is no such key/,
    ],
    [
      metricsOf({ 'latency-p99': { tolerance: '5%' } }),
      /key '.*latency-p99\.tolerance' is invalid: there is no such key/,
    ],
    // Budgets that are impossible.
    [
      metricsOf({ 'latency-p99': { budget: '<= 0ms' } }),
      /key '.*latency-p99\.budget' is invalid: '<= 0ms' is not a budget that can be met/,
    ],
    [
      metricsOf({ 'latency-p99': { budget: '20MB' } }),
      /key '.*latency-p99\.budget' is invalid: '20MB' is not a time such as 20ms/,
    ],
    [
      metricsOf({ 'latency-p99': { budget: 20 } }),
      /key '.*latency-p99\.budget' is invalid: '20' is not a time such as 20ms/,
    ],
    [
      metricsOf({ throughput: { budget: '<= 100/s' } }),
      /key '.*throughput\.budget' is invalid: '<= 100\/s' is not a limit from below such as ">= 100\/s"/,
    ],
    [metricsOf({ 'latency-p99': { note: 'n' } }), /key '.*latency-p99' is invalid: it is held against a budget alone/],
    [
      metricsOf({ 'latency-p50': { tolerance: 5 } }),
      /key '.*latency-p50\.tolerance' is invalid: '5' is not a share such as 5% or 0\.05/,
    ],
    [metricsOf({ 'latency-p50': { floor: '5%' } }), /key '.*latency-p50\.floor' is invalid: '5%' is not a time/],
    // Waivers that never end, or have no reason.
    [
      metricsOf({ nodes: { waiver: { until: 'never', reason: 'r' } } }),
      /key '.*nodes\.waiver\.until' is invalid: expected a date such as 2026-12-31/,
    ],
    [metricsOf({ nodes: { waiver: { until: '2026-02-30', reason: 'r' } } }), /key '.*nodes\.waiver\.until' is invalid/],
    [metricsOf({ nodes: { waiver: { until: '2026-12-31' } } }), /key '.*nodes\.waiver\.reason' is invalid/],
    // Others.
    [{ gate: { scenarios: { s: { base: 'b.onnx' } } } }, /key 'gate\.scenarios\.s\.model' is invalid/],
    [metricsOf({ nodes: { severity: 'error' } }), /key '.*nodes\.severity' is invalid/],
    [{ gate: { scenarios: { s: { model: 'm.onnx' } } } }, /--base is missing: give what the head is held against/],
    [
      { gate: { scenarios: { s: { model: 'm.onnx' }, t: { model: 'n.onnx', base: 'b.onnx' } } } },
      /gate\.scenarios\.s\.base is missing: give what the head is held against/,
    ],
    [
      metricsOf(
        Object.fromEntries(
          [
            'latency-p50',
            'file-size',
            'parameters',
            'macs',
            'nodes',
            'cpu-fallback-nodes',
            'arena-peak',
            'outputs',
          ].map((metric) => [metric, { severity: 'off' }]),
        ),
      ),
      /is not a gate: every metric of it is off/,
    ],
  ])('%j', async (config, sentence) => {
    write('infer.config.json', JSON.stringify(config));
    expect(await run([])).toEqual(refused(2, sentence));
    expect(trial.requests).toEqual([]);
  });

  it.each([
    [
      ['--head', 'x.onnx', '--scenario', 's,t'],
      /--head makes no sense with --scenario: each of several scenarios has its own model/,
    ],
    [
      ['--base', 'b.onnx'],
      /--base: 'b\.onnx' is not a base of several scenarios; write git:REF for the path of each at that ref, or choose one with --scenario/,
    ],
    [['--scenario', 'u'], /--scenario: there is no 'u'/],
  ])('beside flags: %j', async (words, sentence) => {
    const one = { model: 'm.onnx', base: 'b.onnx' };
    write('infer.config.json', JSON.stringify({ gate: { scenarios: { s: one, t: one } } }));
    expect(await run(words)).toEqual(refused(2, sentence));
  });
});

describe('an artifact that is none', () => {
  const text = JSON.stringify(gateResult());
  it.each([
    [
      'cut short',
      text.slice(0, 700),
      /g\.json is not a result that can be read: its JSON stops early, line 1, column 701/,
    ],
    [
      'tampered with',
      text.replace('"alpha":0.01', '"alpha":"none"'),
      /g\.json is not a result that can be read: settings\.alpha: expected number, received string/,
    ],
    [
      'of another format',
      text.replace('"schemaVersion":1', '"schemaVersion":9'),
      /g\.json has result format 9, and this version reads up to 1; update infer/,
    ],
    ['empty', '', /g\.json is not a result that can be read: the file is empty/],
  ])('%s', async (_, content, sentence) => {
    write('g.json', content);
    expect(await run(['--replay', 'g.json'])).toEqual(refused(3, sentence));
  });
});

describe('two gates at once', () => {
  it('wait for each other: the second one gives up in the end, and says for whom it waited', async () => {
    const lock = join(trial.cwd, 'infer-gate.lock');
    // Of another machine, whose processes nobody here can look for.
    const holder = { owner: '4711-elsewhere', pid: 4711, since: '2026-11-28T12:00:00.000Z', folder: '/repo' };
    writeFileSync(lock, JSON.stringify(holder));
    const { exitCode, stdout, stderr } = await run([...both, '--lock-timeout', '1ms']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^waiting for another gate on this machine: process 4711 in \/repo, since 2026-11-28T12:00:00\.000Z\nerror: another gate has been running on this machine since .* \(process 4711, in \/repo\) and did not end within 500 ms: .*--lock-timeout, or remove .*infer-gate\.lock if there is no such gate\n$/,
    );
    expect(trial.requests).toEqual([]);
  });
});
