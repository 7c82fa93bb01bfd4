import { copyModel } from '../compute/copy-model.ts';
import { loadEdited } from '../compute/load-edited.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { Node } from '../onnx/node.ts';
import { topologicalOrder } from '../onnx/sort.ts';
import { Tensor } from '../onnx/tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import type { Value } from '../onnx/value.ts';
import { tensorType } from '../onnx/value-type.ts';
import type { ModelPlace, TrainingEnd } from './training-end.ts';

interface MeasureOptions {
  readonly feeds: NamedTensors;
  readonly place: ModelPlace;
  /** Whether a constant of this name is to stay as it is. */
  stays(name: string): boolean;
}

/**
 * Sets the running statistics of a model with fresh weights to those of real samples, one normalization after another,
 * so that all that leaves one is normalized; training leaves them as they are. Returns them by the names of their
 * constants. Constants that other nodes read too stay, and so do the statistics of a normalization that is not trained.
 */
export async function measureStatistics(
  end: TrainingEnd,
  { feeds, place, stays }: MeasureOptions,
): Promise<NamedTensors> {
  const measured: [string, DenseTensor][] = [];
  for (const node of topologicalOrder(end.model.graph)) {
    const [mean, variance] = [node.input(3), node.input(4)];
    if (!node.is('BatchNormalization') || !isOwn(mean) || !isOwn(variance) || isKept(node, stays)) continue;
    const found = statisticsOf(await readBy(node, end, { feeds, place }));
    for (const [value, numbers] of [[mean, found.mean] as const, [variance, found.variance] as const]) {
      const tensor = { type: 'float32', dims: [numbers.length], data: Float32Array.from(numbers) } as const;
      value.setTensor(Tensor.fromDense(tensor));
      measured.push([value.name, tensor]);
    }
  }
  return Object.fromEntries(measured);
}

/** Whose statistics are to stay, or scale and bias: what it is made for has not changed then. */
function isKept(node: Node, stays: MeasureOptions['stays']): boolean {
  const names = [1, 2, 3, 4].map((index) => node.input(index)?.name ?? '');
  return names.slice(0, 2).every(stays) || names.slice(2).some(stays);
}

function isOwn(value: Value | null): value is Value {
  return value?.constant?.type === 'float32' && value.useCount === 1;
}

/** What a node reads when the model runs on these inputs. */
async function readBy(
  node: Node,
  { model, path }: TrainingEnd,
  { feeds, place }: { readonly feeds: NamedTensors; readonly place: ModelPlace },
): Promise<DenseTensor | undefined> {
  const source = node.input(0);
  if (source === null || source.isInput) return source === null ? undefined : feeds[source.name];
  const copy = copyModel(model);
  for (const twin of copy.graph.nodes()) {
    const value = twin.outputs.find((output) => output?.name === source.name);
    if (value === undefined || value === null || value.isOutput) continue;
    value.setType(tensorType('float32', null));
    copy.graph.addOutput(value);
  }
  const loaded = await loadEdited(copy, { ...place, name: path });
  const outputs = await loaded.run(feeds, [source.name]);
  await loaded.release();
  return outputs[source.name];
}

/** Mean and variance by channel, which is the second axis. */
function statisticsOf(tensor: DenseTensor | undefined) {
  const [samples = 0, channels = 0, ...rest] = tensor?.dims ?? [];
  const size = elementCount(rest);
  const values = tensor === undefined ? new Float32Array() : numbersOf(tensor);
  const meanOf = (channel: number, term: (value: number) => number): number => {
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) {
      const start = (sample * channels + channel) * size;
      for (let at = start; at < start + size; at++) sum += term(values[at] ?? 0);
    }
    return sum / (samples * size);
  };
  const mean = Array.from({ length: channels }, (_, channel) => meanOf(channel, (value) => value));
  const variance = mean.map((own, channel) => meanOf(channel, (value) => (value - own) ** 2));
  return { mean, variance };
}
