import { RuntimeError } from '../../src/errors.ts';
import type { GateEvent } from '../../src/gate/gate-event.ts';
import type { GateBlock, GateScenarioResult } from '../../src/gate/gate-result.ts';
import type { BlockTask, GateRunOptions } from '../../src/gate/gate-run.ts';
import type { PairPlan } from '../../src/gate/plan-gate.ts';
import type { RecordedBlock } from '../../src/gate/recorded-blocks.ts';
import { RecordedBlocks } from '../../src/gate/recorded-blocks.ts';
import { runGate } from '../../src/gate/run-gate.ts';
import { ruleOf, sketchBlock, sketchScenario } from './scenario-sketch.ts';

export interface ArmsScript {
  /** Latency of a block in ms; null: the model dies. */
  readonly latencyMs: (task: BlockTask) => number | null;
  /** How long a block takes; a second unless given. */
  readonly blockMs?: (task: BlockTask) => number;
  readonly dirty?: (task: BlockTask) => boolean;
}

export interface GateSketch {
  readonly scenarios?: readonly Partial<GateScenarioResult>[];
  readonly settings?: Partial<GateRunOptions['settings']>;
  readonly stopsEarly?: boolean;
  readonly recorded?: { readonly blocks: readonly RecordedBlock[]; readonly plan: PairPlan | null };
  /** Ctrl-C while so many blocks have been taken. */
  readonly abortAfter?: number;
}

const runFailed = new RuntimeError('run-failed', { model: 'm.onnx', provider: 'cpu', problem: 'scripted' });

/** Runs a gate whose blocks are told, on a clock that only they move. */
export async function gateByScript(script: ArmsScript, sketch: GateSketch = {}) {
  let nowMs = 0;
  const taken: BlockTask[] = [];
  const written: RecordedBlock[] = [];
  const plans: PairPlan[] = [];
  const events: GateEvent[] = [];
  const repetitions: boolean[] = [];
  const interruption = new AbortController();
  const scenarios = sketch.scenarios ?? [{ name: 'small', rules: [ruleOf('latency-p50')] }];
  const result = await runGate({
    scenarios: scenarios.map((scenario) => sketchScenario(scenario)),
    settings: {
      alpha: 0.01,
      confirm: false,
      today: '2026-11-28',
      fingerprint: 'here',
      seed: 0,
      budgetMs: 40_000,
      maxPairs: 100,
      ...sketch.settings,
    },
    arms: {
      block: async (task) => {
        taken.push(task);
        nowMs += script.blockMs?.(task) ?? 1000;
        const isDirty = script.dirty?.(task) ?? false;
        const repeated = isDirty && task.mayRepeat();
        repetitions.push(repeated);
        if (repeated) nowMs += script.blockMs?.(task) ?? 1000;
        if (taken.length === sketch.abortAfter) {
          interruption.abort();
          throw interruption.signal.reason;
        }
        const ms = script.latencyMs(task);
        if (ms === null) throw runFailed;
        return roundOf(task, { ms, isDirty, repeated });
      },
    },
    blockLength: { runs: 30, minMs: 500 },
    roundMs: 2000,
    stopsEarly: sketch.stopsEarly ?? true,
    recorded: {
      plan: sketch.recorded?.plan ?? null,
      blocks: new RecordedBlocks(sketch.recorded?.blocks ?? [], (name) =>
        scenarios.find((one) => one.name === name)?.basis === 'none' ? ['head'] : ['base', 'head'],
      ),
    },
    onBlock: (block) => written.push(block),
    onPlan: (plan) => plans.push(plan),
    onEvent: (event) => events.push(event),
    nowMs: () => nowMs,
    signal: interruption.signal,
  });
  return { result, taken, written, plans, events, repetitions, elapsedMs: nowMs };
}

function roundOf(task: BlockTask, { ms, isDirty, repeated }: { ms: number; isDirty: boolean; repeated: boolean }) {
  const { arm: _, pair: __, batch: ___, ...round } = sketchBlock({ arm: task.arm, pair: task.round, latencyMs: [ms] });
  const dirty: GateBlock['noise']['dirty'] = isDirty ? ['stalled'] : [];
  return { ...round, order: task.order, noise: { ...round.noise, dirty, repeated } };
}

/** The head takes `ratio` times as long, give or take a little. */
export function slowerBy(ratio: number): ArmsScript {
  return { latencyMs: ({ arm, round }) => (arm === 'head' ? 10 * ratio * (1 + 0.002 * ((round % 3) - 1)) : 10) };
}
