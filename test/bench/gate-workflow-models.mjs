// Variants of a model as pull requests bring them: one as good, three worse each in its own way.
import { spawnSync } from 'node:child_process';
import { openModel } from '../../dist/onnx/file/open-model.js';
import { saveModel } from '../../dist/onnx/file/save-model.js';
import { floats, longs } from '../../dist/onnx/graph-builder.js';
import { Tensor } from '../../dist/onnx/tensor.js';
import { attributeOf } from '../../dist/onnx/attribute.js';

/** Opens a model, changes it, and saves it in another place. */
async function edited(from, to, change) {
  const opened = openModel(from);
  try {
    change(opened.model);
    await saveModel(opened.model, to);
  } finally {
    opened.close();
  }
}

const tensorOf = ({ type, dims }, bytes) => new Tensor({ type, dims, storage: { kind: 'inline', bytes } });
const dense = (tensor) => Tensor.fromDense(tensor);

/** As if trained again: every weight a little different, the accuracy the same. */
export function retrained(from, to) {
  return edited(from, to, ({ graph }) => {
    for (const value of graph.initializers) {
      const { constant } = value;
      if (constant?.type !== 'float32' || constant.elementCount < 1000) continue;
      const weights = new Float32Array(new Uint8Array(constant.bytes()).buffer);
      weights.forEach((weight, at) => (weights[at] = weight * (1 + 1e-4 * Math.sin(at))));
      value.setTensor(tensorOf(constant, new Uint8Array(weights.buffer)));
    }
  });
}

/** The same outputs after some products of matrices that nothing comes of. */
export function slower(from, to, products = 6) {
  return edited(from, to, ({ graph }) => {
    const [image] = graph.inputs;
    const [logits] = graph.outputs;
    const add = (op, inputs, attributes = []) =>
      graph.append({ op, inputs, outputs: [`extra_${op.toLowerCase()}`], attributes }).output(0);
    const side = graph.addInitializer('extra_shape', dense(longs([128, 128])));
    const mean = add('ReduceMean', [image], [attributeOf.int('keepdims', 0n)]);
    let matrix = add('Mul', [add('ConstantOfShape', [side]), mean]);
    for (let at = 0; at < products; at++) matrix = add('MatMul', [matrix, matrix]);
    const none = add('Mul', [
      add('ReduceMean', [matrix], [attributeOf.int('keepdims', 0n)]),
      graph.addInitializer('extra_zero', dense(floats([], [0]))),
    ]);
    const { name, type } = logits;
    logits.rename('logits_before');
    const sum = add('Add', [logits, none]);
    sum.rename(name);
    sum.setType(type);
    graph.setOutput(0, sum);
  });
}

/** A megabyte of weights that nobody reads. */
export function bigger(from, to) {
  return edited(from, to, ({ graph }) => {
    graph.addInitializer(
      'left_over',
      dense(
        floats(
          [512, 512],
          Array.from({ length: 512 * 512 }, () => 0.5),
        ),
      ),
    );
  });
}

/** Quantized, and then half of the weights of one layer lost. */
export async function broken(infer, from, to) {
  const words = [
    'quantize',
    from,
    '--int8',
    '--method',
    'dynamic',
    '--accept-worse',
    '--no-bench',
    '--force',
    '-q',
    '-o',
    to,
  ];
  const { status, stderr } = spawnSync(process.execPath, [infer, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`infer quantize: ${stderr}`);
  await edited(to, to, ({ graph }) => {
    const weights = [...graph.initializers].find(
      ({ constant }) => /int8/.test(constant?.type ?? '') && constant.elementCount > 1000,
    );
    const bytes = new Uint8Array(weights.constant.bytes());
    bytes.fill(0, 0, Math.ceil(bytes.length * 0.9));
    weights.setTensor(tensorOf(weights.constant, bytes));
  });
}
