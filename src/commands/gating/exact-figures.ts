import type { UntoldCause } from '../../gate/cell-reason.ts';
import type { ExactFigures, GateScenarioResult } from '../../gate/gate-result.ts';
import type { ExactMetric } from '../../gate/gate-vocabulary.ts';
import { constantsOf, parameterTotals } from '../../inspect/parameters.ts';
import { ModelError } from '../../errors.ts';
import type { Session } from '../../runtime/runtime.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { countNodes } from '../../optimize/graph-figures.ts';
import { modelMacs } from '../model-macs.ts';
import type { GatedFile } from './open-scenarios.ts';
import type { Arm, ProbedArm } from './probe-scenario.ts';

export interface ToldFigures {
  readonly figures: ExactFigures;
  readonly untold: GateScenarioResult['untold'];
}

export interface FiguresQuestion {
  readonly gated: GatedFile;
  readonly arm: Arm;
  /** Null where the model does not run. */
  readonly probe: ProbedArm | null;
  /** Whether anything asks for it: it takes a process of its own. */
  readonly wantsArena: boolean;
}

type Told = Readonly<Record<ExactMetric, number | UntoldCause>>;

/** Figures of a model that are the same however often they are taken. `session` is open where the model runs. */
export async function exactFigures(question: FiguresQuestion, session: Session | null): Promise<ToldFigures> {
  const { gated, arm, probe } = question;
  const told: Told = {
    'file-size': gated.file.sizeBytes,
    ...graphFigures(gated.file.path, probe?.state.probe.inputs.dims ?? {}),
    'cpu-fallback-nodes': probe === null ? 'model-not-run' : fallbackNodes(probe),
    'arena-peak': await arenaPeak(question, session),
  };
  const untold = Object.entries(told).flatMap(([metric, value]) =>
    typeof value === 'string' && isMetric(metric, told) ? [{ arm, metric, cause: value }] : [],
  );
  return { figures: mapTold(told, (value) => (typeof value === 'number' ? value : null)), untold };
}

/** Read off the file. A graph that we refuse may still be one that the runtime takes. */
function graphFigures(
  path: string,
  dims: Readonly<Record<string, number>>,
): Pick<Told, 'parameters' | 'macs' | 'nodes'> {
  try {
    const opened = openModel(path);
    try {
      const { model } = opened;
      const { parameters } = parameterTotals([...constantsOf(model)]);
      return { parameters, macs: modelMacs(model, dims) ?? 'unknown-macs', nodes: countNodes(model) };
    } finally {
      opened.close();
    }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { parameters: 'model-not-run', macs: 'model-not-run', nodes: 'model-not-run' };
  }
}

/** On the CPU no node can fall back to it. */
function fallbackNodes({ state }: ProbedArm): number {
  if (state.point.ep === 'cpu') return 0;
  const placed = state.probe.placement ?? [];
  return placed.find(({ provider }) => provider === 'CPUExecutionProvider')?.nodes ?? 0;
}

async function arenaPeak(
  { probe, wantsArena }: FiguresQuestion,
  session: Session | null,
): Promise<number | UntoldCause> {
  const feeds = probe?.state.probe.inputs.pool[0];
  if (session === null || feeds === undefined) return 'model-not-run';
  if (!wantsArena) return 'no-memory-figures';
  return (await session.arenaPeakBytes(feeds)) ?? 'no-memory-figures';
}

function isMetric(name: string, told: Told): name is ExactMetric {
  return Object.hasOwn(told, name);
}

function mapTold(told: Told, change: (value: number | UntoldCause) => number | null): ExactFigures {
  return {
    'file-size': change(told['file-size']),
    parameters: change(told.parameters),
    macs: change(told.macs),
    nodes: change(told.nodes),
    'cpu-fallback-nodes': change(told['cpu-fallback-nodes']),
    'arena-peak': change(told['arena-peak']),
  };
}
