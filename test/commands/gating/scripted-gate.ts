import { join } from 'node:path';
import type { GateContext, GateRequest, GateScenarioRequest } from '../../../src/commands/gate-request.ts';
import { envelopeOf } from '../../../src/commands/envelope.ts';
import { gate } from '../../../src/commands/gate.ts';
import { defaultTolerance } from '../../../src/compute/compare-outputs.ts';
import { defaultRule, defaultRules } from '../../../src/gate/default-rules.ts';
import type { GateEvent } from '../../../src/gate/gate-event.ts';
import type { GateResult } from '../../../src/gate/gate-result.ts';
import { gateResultSchema } from '../../../src/gate/gate-result.ts';
import type { Script, ScriptedRun } from '../../../src/runtime/scripted.ts';
import { floats, scripted, signatureOf } from '../../bench/scripted-bench.ts';

export const envelope = envelopeOf({ version: '1.2.3', argv: ['infer', 'gate'], now: new Date(0) });

export function scenarioOf(rest: Partial<GateScenarioRequest> = {}): GateScenarioRequest {
  return {
    name: 'small',
    owner: null,
    base: 'base.onnx',
    head: 'head.onnx',
    provider: 'cpu',
    threads: 1,
    instances: 1,
    batch: null,
    batchDimension: undefined,
    dims: {},
    shapes: {},
    values: {},
    dataPath: null,
    quality: null,
    rules: [defaultRule('latency-p50')],
    ...rest,
  };
}

export const allRules = defaultRules({ instances: 1, hasQuality: false });

export function requestOf(folder: string, rest: Partial<GateRequest> = {}): GateRequest {
  return {
    scenarios: [scenarioOf()],
    alpha: 0.01,
    budgetMs: 60_000,
    seed: 0,
    maxPairs: 12,
    confirm: false,
    onInconclusive: 'warn',
    timeoutMs: 1000,
    optimization: 'all',
    strictProvider: false,
    tolerance: defaultTolerance,
    baseline: null,
    mode: 'gate',
    journalPath: join(folder, 'gate.jsonl'),
    resume: false,
    today: '2026-11-28',
    ...rest,
  };
}

/** A head that takes `ratio` times as long as the base, give or take a little. */
export function slowerHead(ratio: number): Partial<Script> {
  return {
    signature: () => signatureOf(['batch', 4]),
    runMs: ({ options, opened }: ScriptedRun) => (isHead(options) ? 5 * ratio : 5) * (1 + 0.001 * ((opened % 5) - 2)),
    outputs: () => ({ y: floats(1, 2, 3, 4) }),
    arenaPeakBytes: () => 1e6,
  };
}

export function isHead({ modelPath }: { readonly modelPath: string }): boolean {
  return modelPath.endsWith('head.onnx');
}

export interface GateTrial {
  readonly folder: string;
  readonly request?: Partial<GateRequest>;
  readonly script?: Partial<Script>;
  /** Called with each event: throw or abort to interrupt. */
  readonly onEvent?: (event: GateEvent, interruption: AbortController) => void;
}

export function contextOf({ folder, script, onEvent }: GateTrial) {
  const events: GateEvent[] = [];
  const interruption = new AbortController();
  const runtime = scripted({ ...slowerHead(1), ...script });
  const context: GateContext = {
    runtime,
    envelope,
    signal: interruption.signal,
    cwd: folder,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event, interruption);
    },
  };
  return { context, runtime, events };
}

/** Runs the command by script; what it returns is what its schema reads back. */
export async function gateTrial(trial: GateTrial) {
  const { context, runtime, events } = contextOf(trial);
  const result = await gate(requestOf(trial.folder, trial.request), context);
  const saved: GateResult = gateResultSchema.parse(JSON.parse(JSON.stringify(result)));
  return { result, saved, runtime, events };
}

export function verdictsOf({ cells }: GateResult): Record<string, string> {
  return Object.fromEntries(cells.map(({ metric, verdict }) => [metric, verdict]));
}
