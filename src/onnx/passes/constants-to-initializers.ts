import type { Attribute } from '../attribute.ts';
import type { DenseTensor } from '../dense-tensor.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { Tensor } from '../tensor.ts';
import { allGraphsOf } from '../traverse.ts';

/** Before this IR version an initializer had to be listed as an input, too. */
const irVersionOfConstants = 4;

/** Attribute of a Constant for each kind. */
const formNames: ReadonlyMap<Attribute['kind'], string> = new Map([
  ['float', 'value_float'],
  ['floats', 'value_floats'],
  ['int', 'value_int'],
  ['ints', 'value_ints'],
  ['string', 'value_string'],
  ['strings', 'value_strings'],
]);

/**
 * Turns Constant nodes into initializers of the same name: `value`, `value_float(s)`, `value_int(s)` and
 * `value_string(s)`, in the main graph and its subgraphs. Raises the IR version to 4 where it is older.
 *
 * Left alone: `sparse_value`, constants that a graph returns (an output wants a node that makes it), and function
 * bodies, which have no initializers.
 */
export const constantsToInitializers: PurePass = {
  name: 'constants-to-initializers',
  apply(model) {
    let changed = false;
    for (const graph of allGraphsOf(model.graph)) {
      for (const node of graph.nodes()) if (convert(graph, node)) changed = true;
    }
    if (changed && model.irVersion < irVersionOfConstants) model.setIrVersion(irVersionOfConstants);
    return changed;
  },
};

function convert(graph: Graph, node: Node): boolean {
  if (!node.is('Constant') || node.attributes.size !== 1) return false;
  const value = node.output(0);
  const [attribute] = node.attributes.values();
  if (value === null || value.isOutput || attribute === undefined) return false;
  const tensor = tensorOf(attribute);
  if (tensor === null) return false;
  const constant = graph.addInitializer(value.name, tensor);
  const { name } = value;
  value.replaceUsesWith(constant);
  graph.remove(node);
  constant.rename(name);
  return true;
}

function tensorOf(attribute: Attribute): Tensor | null {
  if (attribute.name === 'value' && attribute.kind === 'tensor') return attribute.value;
  const dense = denseOf(attribute);
  return dense === null ? stringsOf(attribute) : Tensor.fromDense(dense);
}

/** What the attribute forms since opset 12 stand for: a scalar, or a list as a vector. */
function denseOf({ name, ...attribute }: Attribute): DenseTensor | null {
  if (name !== formNames.get(attribute.kind)) return null;
  switch (attribute.kind) {
    case 'float':
      return { type: 'float32', dims: [], data: Float32Array.of(attribute.value) };
    case 'floats':
      return { type: 'float32', dims: [attribute.value.length], data: Float32Array.from(attribute.value) };
    case 'int':
      return { type: 'int64', dims: [], data: BigInt64Array.of(attribute.value) };
    case 'ints':
      return { type: 'int64', dims: [attribute.value.length], data: BigInt64Array.from(attribute.value) };
    default:
      return null;
  }
}

/** Strings stay bytes: a file's strings need not be valid UTF-8. */
function stringsOf({ name, ...attribute }: Attribute): Tensor | null {
  if (name !== formNames.get(attribute.kind)) return null;
  if (attribute.kind === 'string') return stringTensor([], [attribute.value]);
  return attribute.kind === 'strings' ? stringTensor([attribute.value.length], attribute.value) : null;
}

function stringTensor(dims: readonly number[], values: readonly Uint8Array[]): Tensor {
  return new Tensor({ type: 'string', dims, storage: { kind: 'strings', values } });
}
