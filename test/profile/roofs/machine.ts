import type { Environment } from '../../../src/runtime/environment.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { thisWorkplace } from '../../../src/runtime/workplace.ts';
import type { Script } from '../../../src/runtime/scripted.ts';
import { ScriptedRuntime } from '../../../src/runtime/scripted.ts';
import type { RoofsRequest } from '../../../src/profile/roofs/roofs-request.ts';
import { environment } from '../../report/fixture-bench-result.ts';

/** A machine that is known: every product and every byte takes what it says, and starting a run takes some time more. */
export interface Machine {
  readonly gflopPerSecond: number;
  readonly gbPerSecond: number;
  readonly int8GopPerSecond?: number;
  readonly float16GflopPerSecond?: number;
  readonly startMs: number;
}

/** Counts the work in the very file that is opened, and tells what it takes. */
export function scriptedMachine(machine: Machine, script: Partial<Script> = {}): ScriptedRuntime {
  const times = new Map<string, number>();
  return new ScriptedRuntime({
    environment,
    signature: ({ modelPath }) => {
      times.set(modelPath, machine.startMs + workMs(modelPath, machine));
      return { inputs: [], outputs: [] };
    },
    runMs: ({ options }) => times.get(options.modelPath) ?? Number.NaN,
    ...script,
  });
}

function workMs(path: string, machine: Machine): number {
  const opened = openModel(path);
  try {
    let ms = 0;
    const nodes = [...opened.model.graph.nodes()];
    const isHalf = nodes.some((node) => node.is('Cast') && node.int('to', 0) === 10);
    const rows =
      opened.model.graph.inputs[0]?.type?.kind === 'tensor' ? opened.model.graph.inputs[0].type.shape?.[0] : 0;
    for (const node of nodes) {
      if (node.is('MatMul')) {
        const rate = isHalf ? machine.float16GflopPerSecond : machine.gflopPerSecond;
        if (rate === undefined) throw new Error('no such products here');
        ms += (2 * 1024 ** 3) / (rate * 1e6);
      }
      if (node.is('QLinearMatMul')) ms += (2 * 1024 ** 3) / ((machine.int8GopPerSecond ?? Number.NaN) * 1e6);
      if (node.is('Add')) ms += (3 * 4 * 4096 * Number(rows)) / (machine.gbPerSecond * 1e6);
      if (node.is('Mul', 'Sub')) ms += (4 * 4096 * Number(rows)) / (machine.gbPerSecond * 1e6);
    }
    return ms;
  } finally {
    opened.close();
  }
}

export function requestFor(runtime: ScriptedRuntime, request: Partial<RoofsRequest> = {}): RoofsRequest {
  const memory: Environment['memory'] = { totalBytes: 2 ** 34, availableBytes: 2 ** 33, limitBytes: null };
  return {
    runtime,
    environment: { fingerprint: 'f', memory },
    provider: 'cpu',
    threads: 2,
    precisions: ['float32'],
    workplace: thisWorkplace(),
    store: null,
    at: '2026-03-01T00:00:00.000Z',
    timeoutMs: 1000,
    ...request,
  };
}
