import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrateGate } from '../../../src/commands/calibrate-gate.ts';
import { replayGate } from '../../../src/commands/replay-gate.ts';
import { RuntimeError } from '../../../src/errors.ts';
import { defaultRule } from '../../../src/gate/default-rules.ts';
import { gateCalibrationResultSchema } from '../../../src/gate/gate-calibration-result.ts';
import type { GateScenarioRequest } from '../../../src/commands/gate-request.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import type { Script } from '../../../src/runtime/scripted.ts';
import { floats, signatureOf } from '../../bench/scripted-bench.ts';
import { linearModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import type { GateTrial } from './scripted-gate.ts';
import {
  allRules,
  contextOf,
  envelope,
  gateTrial,
  isHead,
  requestOf,
  scenarioOf,
  slowerHead,
  verdictsOf,
} from './scripted-gate.ts';

const files = temporaryFolder();
afterAll(files.remove);
files.write('base.onnx', linearModel());
files.write('head.onnx', linearModel());
const { folder } = files;
const journalPath = join(folder, 'gate.jsonl');
const trial = (rest: Omit<GateTrial, 'folder'> = {}) => gateTrial({ folder, ...rest });
const all = { scenarios: [scenarioOf({ rules: allRules })] };

describe('a gate of two models', () => {
  it('passes what is the same, in everything', async () => {
    const { result, saved, runtime, events } = await trial({ request: all });
    expect(saved).toEqual(result);
    expect(result.verdict).toBe('pass');
    expect(new Set(Object.values(verdictsOf(result)))).toEqual(new Set(['pass']));
    expect(result.cells.map(({ metric }) => metric)).toEqual(allRules.map(({ metric }) => metric));
    expect(result.warnings.map(({ code }) => code)).toContain('same-model');
    expect(result.scenarios[0]?.exact.base).toEqual({
      'file-size': readFileSync(join(folder, 'base.onnx')).length,
      parameters: 15,
      macs: 12,
      nodes: 2,
      'cpu-fallback-nodes': 0,
      'arena-peak': 1e6,
    });
    expect(runtime.openSessions).toBe(0);
    expect(existsSync(journalPath)).toBe(false);
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['resolving', 'probing', 'inspecting', 'pilot', 'planned', 'block', 'look']),
    );
  });

  it('fails a slower head', async () => {
    const { result } = await trial({ request: all, script: slowerHead(1.3) });
    expect(result.verdict).toBe('fail');
    expect(verdictsOf(result)).toMatchObject({ 'latency-p50': 'fail', outputs: 'pass', macs: 'pass' });
    expect(result.cells[0]?.ratio?.value).toBeCloseTo(1.3, 2);
  });

  it('measures every block in a fresh process of the threads that were asked for', async () => {
    const { result, runtime } = await trial({ request: { scenarios: [scenarioOf({ threads: 2 })] } });
    const [scenario] = result.scenarios;
    const measured = runtime.opened.filter(({ threads }) => threads === 2);
    expect(measured.length).toBeGreaterThanOrEqual(scenario?.blocks.length ?? Infinity);
    expect(scenario).toMatchObject({ threads: 2, ep: 'cpu', batch: 1, dims: { batch: 1 }, inputs: 'synthetic' });
  });

  it('fails outputs that differ, are not finite or of another shape', async () => {
    const rules = { scenarios: [scenarioOf({ rules: [defaultRule('outputs')] })] };
    const codeOf = async (...head: number[]) => {
      const outputs = ({ options }: { options: { modelPath: string } }) => ({
        y: isHead(options) ? floats(...head) : floats(1, 2, 3, 4),
      });
      const { result } = await trial({ request: rules, script: { outputs } });
      return [result.verdict, result.cells[0]?.reason.code];
    };
    expect(await codeOf(1, 2, 3, 4.001)).toEqual(['pass', 'outputs-equal']);
    expect(await codeOf(1, 2, 3, 5)).toEqual(['fail', 'outputs-differ']);
    expect(await codeOf(1, 2, 3, Number.NaN)).toEqual(['fail', 'outputs-not-finite']);
    expect(await codeOf(1, 2, 3)).toEqual(['fail', 'outputs-unlike']);
  });

  it('fails inputs that are not alike', async () => {
    const signature = (options: { modelPath: string }) => signatureOf(isHead(options) ? ['batch', 5] : ['batch', 4]);
    const { result } = await trial({ request: all, script: { signature } });
    expect(result.cells.find(({ metric }) => metric === 'outputs')).toMatchObject({
      verdict: 'fail',
      reason: { code: 'inputs-unlike', details: { input: 'x', base: 'float32[batch, 4]', head: 'float32[batch, 5]' } },
    });
  });

  it('feeds the head what the base takes, dimensions that were built into it left out', async () => {
    const signature = (options: { modelPath: string }) => signatureOf(isHead(options) ? [1, 4] : ['batch', 4]);
    const request = { scenarios: [scenarioOf({ dims: { batch: 1 }, rules: [defaultRule('outputs')] })] };
    const { result } = await trial({ request, script: { signature } });
    expect(result.verdict).toBe('pass');
  });
});

describe('data', () => {
  const rows = Array.from({ length: 40 }, (_, row) => ({ inputs: { x: [row % 2, 1, 2, 3] }, label: row % 2 }));
  const dataPath = files.write('rows.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  /** Scores of two classes by the first element; the head is wrong in every fourth sample. */
  const script: Partial<Script> = {
    signature: () => {
      const { inputs } = signatureOf(['batch', 4]);
      return { inputs, outputs: [{ name: 'scores', type: 'float32', shape: ['batch', 2] }] };
    },
    outputs: ({ feeds, options }) => {
      const x = Float32Array.from(numbersIn(feeds['x']));
      const batch = x.length / 4;
      const data = Float32Array.from({ length: 2 * batch }, (_, at) => {
        const isWrong = isHead(options) && options.modelPath.includes('worse') && Math.floor(at / 2) % 4 === 0;
        const isOwn = (x[4 * Math.floor(at / 2)] ?? 0) === at % 2;
        return isOwn === isWrong ? 0 : 1;
      });
      return { scores: { type: 'float32', dims: [batch, 2], data } };
    },
  };
  files.write('worse-head.onnx', linearModel());

  const quality: GateScenarioRequest['quality'] = {
    dataPath,
    samples: null,
    batch: 40,
    maxDrop: { text: '10pt', limit: { kind: 'points', value: 10 } },
    task: { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null },
    preprocess: null,
    pairs: null,
    tokenizer: null,
  };
  const judged = (head: string) =>
    trial({
      request: { scenarios: [scenarioOf({ head, dataPath, quality, rules: [defaultRule('quality')] })] },
      script,
    });

  it('judge quality, and are what latency is measured on', async () => {
    const same = await judged('head.onnx');
    expect(same.result).toMatchObject({ verdict: 'pass', scenarios: [{ inputs: dataPath }] });
    expect(same.result.cells[0]).toMatchObject({ base: 1, head: 1, tolerance: 0.1, reason: { code: 'quality-kept' } });
    const worse = await judged('worse-head.onnx');
    expect(worse.result.verdict).toBe('fail');
    expect(worse.result.cells[0]).toMatchObject({ base: 1, head: 0.75, reason: { code: 'quality-dropped' } });
    expect(worse.events.some(({ kind }) => kind === 'evaluating')).toBe(true);
  });
});

describe('a model that does not run', () => {
  const dying = (arm: 'base' | 'head') => ({
    runMs: ({ options }: { options: { modelPath: string } }) => {
      if (isHead(options) === (arm === 'head'))
        throw new RuntimeError('run-failed', { model: options.modelPath, provider: 'cpu', problem: 'scripted' });
      return 5;
    },
  });

  it('fails the scenario when it is the head', async () => {
    const { result } = await trial({ request: all, script: dying('head') });
    expect(result.scenarios[0]).toMatchObject({ failedArm: 'head', failure: { code: 'run-failed' } });
    expect(result.verdict).toBe('fail');
    expect(verdictsOf(result)).toMatchObject({ 'latency-p50': 'fail', outputs: 'fail', 'file-size': 'pass' });
    expect(result.cells.find(({ metric }) => metric === 'arena-peak')?.reason).toMatchObject({
      code: 'untold',
      details: { side: 'head', cause: 'model-not-run' },
    });
  });

  it('leaves it open when it is the base, and judges budgets all the same', async () => {
    const rules = [{ ...defaultRule('latency-p50'), budget: 6 }];
    const { result } = await trial({ request: { scenarios: [scenarioOf({ rules })] }, script: dying('base') });
    expect(result.scenarios[0]?.failedArm).toBe('base');
    expect(result.cells.map(({ against, verdict }) => [against, verdict])).toEqual([
      ['change', 'inconclusive'],
      ['budget', 'pass'],
    ]);
  });
});

describe('what cannot be gated is refused before anything is run', () => {
  it.each([
    ['a scenario twice', { scenarios: [scenarioOf(), scenarioOf()] }, 'scenario-repeated'],
    ['nothing to hold to', { scenarios: [scenarioOf({ rules: [] })] }, 'scenario-without-rules'],
    ['no such base', { scenarios: [scenarioOf({ base: 'nope.onnx' })] }, 'file-missing'],
    ['a dimension that nobody has', { scenarios: [scenarioOf({ dims: { seq: 1 } })] }, 'unknown-dimension'],
    ['an input that nobody has', { scenarios: [scenarioOf({ shapes: { z: [1] } })] }, 'unknown-input'],
    ['nothing to continue', { resume: true }, 'journal-missing'],
  ])('%s', async (_, request, code) => {
    await expect(trial({ request })).rejects.toMatchObject({ code });
  });

  it('a saved result as the head', async () => {
    const { saved } = await trial();
    files.write('saved.json', JSON.stringify(saved));
    const request = { scenarios: [scenarioOf({ head: 'saved.json' })] };
    await expect(trial({ request })).rejects.toMatchObject({ code: 'head-unsuited' });
  });

  it('a provider that is not there', async () => {
    const script = { unusable: { cuda: { reason: 'no device', cure: 'get one' } } };
    const request = { scenarios: [scenarioOf({ provider: 'cuda' })] };
    await expect(trial({ request, script })).rejects.toMatchObject({ code: 'provider-missing' });
  });
});

describe('an interrupted gate', () => {
  const cutAfter = (blocks: number): Pick<GateTrial, 'onEvent'> => {
    let seen = 0;
    return {
      onEvent: ({ kind }, interruption) => (kind === 'block' && ++seen > blocks ? interruption.abort() : undefined),
    };
  };

  it('is a result that says so, and continues to the same verdict from its journal', async () => {
    const whole = await trial({ request: all, script: slowerHead(1.3) });
    for (const blocks of [1, 7, 12]) {
      const cut = await trial({ request: all, script: slowerHead(1.3), ...cutAfter(blocks) });
      expect(cut.result.interrupted).toBe(true);
      expect(existsSync(journalPath)).toBe(true);
      const rest = await trial({ request: { ...all, resume: true }, script: slowerHead(1.3) });
      expect(rest.result).toMatchObject({ interrupted: false, verdict: 'fail' });
      expect(rest.result.cells.map(({ verdict }) => verdict)).toEqual(whole.result.cells.map(({ verdict }) => verdict));
      expect(rest.result.scenarios[0]?.plan).toEqual(whole.result.scenarios[0]?.plan);
      expect(rest.events.find(({ kind }) => kind === 'resumed')).toMatchObject({ blocks: 2 * Math.floor(blocks / 2) });
      expect(existsSync(journalPath)).toBe(false);
    }
  });

  it('is not continued by another gate, nor from what is none', async () => {
    await trial(cutAfter(4));
    const other = {
      resume: true,
      scenarios: [scenarioOf({ rules: [{ ...defaultRule('latency-p50'), tolerance: 0.2 }] })],
    };
    await expect(trial({ request: other })).rejects.toMatchObject({
      code: 'journal-unlike',
      details: { differs: ['rules of small'] },
    });
    await expect(trial({ request: { resume: true, seed: 1 } })).rejects.toMatchObject({
      details: { differs: ['seed'] },
    });
    writeFileSync(journalPath, 'nonsense\n');
    await expect(trial({ request: { resume: true } })).rejects.toMatchObject({ code: 'journal-malformed' });
  });

  it('leaves a journal behind whatever kills it, cut off in mid-line too', async () => {
    await trial(cutAfter(6));
    writeFileSync(journalPath, readFileSync(journalPath, 'utf8').slice(0, -20));
    const { result } = await trial({ request: { resume: true } });
    expect(result).toMatchObject({ interrupted: false, verdict: 'pass' });
  });
});

describe('a saved base', () => {
  it('is judged by its blocks on the same machine, and exactly', async () => {
    const { saved } = await trial({ request: all });
    files.write('main.json', JSON.stringify(saved));
    const request = { scenarios: [scenarioOf({ base: 'main.json', rules: allRules })] };
    const same = await trial({ request });
    expect(same.result.scenarios[0]).toMatchObject({ basis: 'stored', base: { ref: 'main.json' } });
    expect(verdictsOf(same.result)).toMatchObject({ 'latency-p50': 'pass', macs: 'pass', outputs: 'inconclusive' });
    expect(same.result.warnings.map(({ code }) => code)).toContain('base-of-one-run');
    const slower = await trial({ request, script: slowerHead(1.3) });
    expect(verdictsOf(slower.result)).toMatchObject({ 'latency-p50': 'fail' });
    const threads = await trial({ request: { scenarios: [scenarioOf({ base: 'main.json', threads: 2 })] } });
    expect(threads.result).toMatchObject({
      verdict: 'incomparable',
      cells: [{ reason: { code: 'other-conditions', details: { differs: ['threads'] } } }],
    });
    const elsewhere = { ...saved, environment: { ...saved.environment, fingerprint: 'there' } };
    files.write('there.json', JSON.stringify(elsewhere));
    const other = await trial({ request: { scenarios: [scenarioOf({ base: 'there.json', rules: allRules })] } });
    expect(verdictsOf(other.result)).toMatchObject({ 'latency-p50': 'incomparable', 'file-size': 'pass' });
  });
});

describe('a stored baseline', () => {
  const path = join(folder, 'baselines');
  const storing = (update: string | null, rest: Partial<GateTrial> = {}) =>
    trial({
      request: { scenarios: [scenarioOf({ base: null, rules: allRules })], baseline: { path, update } },
      ...rest,
    });

  it('grows with reasons, is new at first, judges once there is enough of it', async () => {
    const first = await storing('first');
    expect(verdictsOf(first.result)).toMatchObject({ 'latency-p50': 'new', macs: 'new' });
    expect(first.result).toMatchObject({ verdict: 'new' });
    expect(first.result.warnings).toContainEqual({
      code: 'baseline-updated',
      details: { path: join(path, `${first.result.environment.fingerprint}.json`), reason: 'first', metrics: 12 },
    });
    for (let run = 2; run <= 8; run++)
      expect((await storing('again')).result.cells[0]?.reason.code).toBe('history-too-short');
    const before = readFileSync(join(path, `${first.result.environment.fingerprint}.json`), 'utf8');
    const judged = await storing(null);
    expect(verdictsOf(judged.result)).toMatchObject({
      'latency-p50': 'pass',
      'file-size': 'pass',
      outputs: 'inconclusive',
    });
    expect((await storing(null, { script: slowerHead(1.5) })).result.verdict).toBe('fail');
    expect(readFileSync(join(path, `${first.result.environment.fingerprint}.json`), 'utf8')).toBe(before);
  });

  it('that is none is refused', async () => {
    const bad = files.write('bad-baseline.json', '{}');
    const request = { baseline: { path: bad, update: null } };
    await expect(trial({ request })).rejects.toMatchObject({ code: 'baseline-malformed' });
  });
});

describe('a replay', () => {
  const overrides = { path: 'gate.json', envelope, today: '2026-11-28', alpha: null, onInconclusive: null } as const;

  it('comes to the same, runs nothing, and judges under other rules', async () => {
    const { saved } = await trial({ request: all, script: slowerHead(1.3) });
    const again = replayGate(saved, { ...overrides, rules: (_, rules) => rules });
    expect(again.cells).toEqual(saved.cells);
    expect(again).toMatchObject({ verdict: 'fail', replayOf: 'gate.json' });
    const wide = replayGate(saved, {
      ...overrides,
      rules: (_, rules) =>
        rules.map((rule) => ({ ...rule, tolerance: rule.metric === 'latency-p50' ? 0.5 : rule.tolerance })),
    });
    expect(wide).toMatchObject({ verdict: 'pass', scenarios: [{ blocks: saved.scenarios[0]?.blocks }] });
    expect(replayGate(saved, { ...overrides, alpha: 1e-9, rules: (_, rules) => rules }).cells[0]?.reason.code).toBe(
      'too-few-pairs',
    );
  });
});

describe('a calibration', () => {
  it('measures the base twice and tells what the machine can', async () => {
    const { context, runtime } = contextOf({ folder });
    const result = await calibrateGate(requestOf(folder, all), context);
    expect(gateCalibrationResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result).toMatchObject({
      verdict: 'pass',
      suggested: { neededPairs: 7 },
      cells: [{ metric: 'latency-p50', tolerance: 0.05, resolvable: true }],
    });
    expect(runtime.opened.some(isHead)).toBe(false);
    expect(result.scenarios[0]?.blocks).toHaveLength(24);
  });

  it('refuses a tolerance that the noise does not let through', async () => {
    const script = { runMs: ({ opened }: { opened: number }) => 5 * (1 + ((opened * 7919) % 13) / 10) };
    const result = await calibrateGate(requestOf(folder), contextOf({ folder, script }).context);
    expect(result).toMatchObject({ verdict: 'fail', cells: [{ resolvable: false }] });
  });
});

function numbersIn(tensor: DenseTensor | undefined): ArrayLike<number> {
  return tensor === undefined ? [] : numbersOf(tensor);
}
