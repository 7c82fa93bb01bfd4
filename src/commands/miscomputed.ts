import type { ModelErrorDetails } from '../errors.ts';
import { ModelError } from '../errors.ts';
import { openModel } from '../onnx/file/open-model.ts';
import { miscomputedOnWebGpu } from '../onnx/miscomputed-conv.ts';
import type { Model } from '../onnx/model.ts';
import { constantOf } from '../onnx/passes/constant-of.ts';

type Details = ModelErrorDetails['model-miscomputed'];

/** As a result file has it. */
interface Warning {
  code: string;
  details: Record<string, unknown>;
}

/** Where a model is run, by the path it is told by. */
interface Place {
  readonly path: string;
  readonly ep: string;
}

/** What the provider is known to compute wrong in a model, with the first such node; null where nothing is known. */
function miscomputed(model: Model, { path, ep }: Place): Details | null {
  const nodes = isWebGpu(ep) ? miscomputedOnWebGpu(model) : [];
  const [first] = nodes;
  if (first === undefined) return null;
  const channels = constantOf(first.input(1))?.dims[1] ?? 0;
  const node = first.name === '' ? (first.output(0)?.name ?? '') : first.name;
  return { path, ep, node, nodes: nodes.length, channels };
}

function isWebGpu(ep: string): boolean {
  return ep === 'webgpu' || ep === 'browser-webgpu';
}

/** Throws ModelError `model-miscomputed`: what is built on wrong numbers is worth nothing. */
export function refuseMiscomputed(model: Model, place: Place): void {
  const found = miscomputed(model, place);
  if (found !== null) throw new ModelError('model-miscomputed', found);
}

/** The same as a warning, of a file that is opened where there is a question. Throws ModelError. */
export function miscomputedIn({ path, ep }: Place): Warning[] {
  if (!isWebGpu(ep)) return [];
  const opened = openModel(path);
  try {
    const found = miscomputed(opened.model, { path, ep });
    return found === null ? [] : [{ code: 'model-miscomputed', details: { ...found } }];
  } finally {
    opened.close();
  }
}

/** Warnings, and behind each of outputs that differ from the CPU's what is known to be its cause. Throws ModelError. */
export function withCauses(warnings: readonly Warning[]): Warning[] {
  return warnings.flatMap((warning) => [warning, ...causesOf(warning)]);
}

function causesOf({ code, details: { model, ep } }: Warning): readonly Warning[] {
  const isPlace = code === 'outputs-differ-from-cpu' && typeof model === 'string' && typeof ep === 'string';
  return isPlace ? miscomputedIn({ path: model, ep }) : [];
}
