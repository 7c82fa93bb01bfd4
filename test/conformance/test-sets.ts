import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DenseTensor, NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { decodeTensorProto } from '../../src/onnx/file/tensor-proto.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';

export interface TestSet {
  readonly name: string;
  readonly feeds: NamedTensors;
  readonly expected: NamedTensors;
}

/** The `test_data_set_*` folders beside a model. A set that is no plain tensors is told by its problem. */
export function testSets(path: string, signature: ModelSignature): readonly (TestSet | { readonly problem: string })[] {
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name.startsWith('test_data_set_'))
    .toSorted()
    .map((name) => readSet(join(folder, name), signature));
}

function readSet(folder: string, { inputs, outputs }: ModelSignature): TestSet | { readonly problem: string } {
  try {
    const feeds = readAll(folder, 'input', inputs);
    const expected = readAll(folder, 'output', outputs);
    return { name: folder, feeds, expected };
  } catch (error) {
    return { problem: `${folder}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readAll(folder: string, kind: string, values: ModelSignature['inputs']): NamedTensors {
  const tensors: Record<string, DenseTensor> = {};
  for (const [index, { name }] of values.entries()) {
    const file = join(folder, `${kind}_${index}.pb`);
    if (existsSync(file)) tensors[name] = decodeTensorProto(readFileSync(file)).tensor;
  }
  return tensors;
}
