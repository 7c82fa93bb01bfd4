// Layer by layer, how far are products with 4-bit weights from those in float? On what the layers of stories260K are fed
// by texts that the integers were not chosen with, from gram matrices: |X (W - Q)|^2 is the sum of e^T X^T X e.
import { collectGrams } from '../../dist/compute/calibration/collect-grams.js';
import { openModel } from '../../dist/onnx/file/open-model.js';
import { awqBlocks } from '../../dist/quantize/blocks/awq.js';
import { dequantizeRows } from '../../dist/quantize/blocks/dequantize-blocks.js';
import { gptqBlocks } from '../../dist/quantize/blocks/gptq.js';
import { factorGram } from '../../dist/stats/gram-factor.js';
import { outputEnergy } from '../../dist/quantize/blocks/output-error.js';
import { loadWeight, productWeight } from '../../dist/quantize/blocks/product-weight.js';
import { quantizeBlocks } from '../../dist/quantize/blocks/quantize-blocks.js';
import { columnPanels } from '../../dist/quantize/blocks/weight-matrix.js';
import { runner, sampledTexts } from './quantize-quality-inputs.mjs';

const textLength = 256;

/** One text a run, all of it at once: nothing is in the cache before. */
function feedsOf(signature, ids) {
  const integers = (values) => ({ type: 'int64', dims: [1, ids.length], data: BigInt64Array.from(values, BigInt) });
  const past = signature.inputs
    .filter(({ name }) => name.startsWith('past_key_values'))
    .map(({ name, shape: [, heads, , size] }) => [
      name,
      { type: 'float32', dims: [1, heads, 0, size], data: new Float32Array() },
    ]);
  return {
    input_ids: integers(ids),
    attention_mask: integers(ids.map(() => 1)),
    position_ids: integers(ids.map((_, i) => i)),
    ...Object.fromEntries(past),
  };
}

async function gramsOf(path, model, values, { count, label }) {
  const texts = await sampledTexts(path, { count, length: textLength, label });
  const loaded = await (await runner()).load({ path });
  const { signature } = loaded;
  await loaded.release();
  const grams = new Map();
  await collectGrams({
    runner: await runner(),
    name: path,
    write: () => Promise.reject(new Error('the model is small')),
    model,
    values,
    batches: async function* () {
      for (const ids of texts) yield feedsOf(signature, ids);
    },
    onGram: (gram) => void grams.set(gram.name, gram),
  });
  return grams;
}

/** A weight's columns one after another. */
function rowsOf(matrix) {
  const rows = new Float64Array(matrix.k * matrix.n);
  for (const { from, count, rows: panel, offset } of columnPanels(matrix))
    rows.set(panel.subarray(offset, offset + count * matrix.k), from * matrix.k);
  return rows;
}

const energy = (rows) => rows.reduce((sum, value) => sum + value * value, 0);
const decibels = (signal, noise) => 10 * Math.log10(signal / noise);

const ways = {
  rtn: (matrix, format) => ({ quantized: quantizeBlocks(matrix, { ...format, method: 'rtn' }) }),
  mse: (matrix, format) => ({ quantized: quantizeBlocks(matrix, { ...format, method: 'mse' }) }),
  'k-quant': (matrix, format) =>
    format.symmetric ? null : { quantized: quantizeBlocks(matrix, { ...format, method: 'k-quant' }) },
  awq: (matrix, format, { gram, absMeans }) => awqBlocks(matrix, { ...format, gram, meanAbsolute: absMeans }),
  gptq: (matrix, format, { gram, columns }) => ({
    quantized: gptqBlocks(matrix, { ...format, factor: factorGram(gram, columns) }),
  }),
};

/** Signal-to-noise ratios of the weight and of the output, in dB. */
function ratios(matrix, { quantized, channelScales }, held) {
  const { k, n } = matrix;
  const weight = rowsOf(matrix);
  const rounded = dequantizeRows(quantized);
  const errors = weight.map((value, i) => rounded[i] / (channelScales?.[i % k] ?? 1) - value);
  return {
    weight: decibels(energy(weight), energy(errors)),
    output: decibels(
      outputEnergy({ rows: weight, count: n, k }, held.gram),
      outputEnergy({ rows: errors, count: n, k }, held.gram),
    ),
  };
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

const targets = {
  gptq: { wanted: 'output >= rtn + 1 dB', passes: ({ output }) => output >= 1 },
  mse: { wanted: 'weight >= rtn + 0.2 dB', passes: ({ weight }) => weight >= 0.2 },
};

export async function* layers({ stories: path, only }) {
  const opened = openModel(path);
  try {
    const products = [...opened.model.graph.nodes()].filter((node) => productWeight(node) !== null);
    const values = products.map((node) => node.input(0).name);
    const calibration = await gramsOf(path, opened.model, values, { count: 64, label: 'calibration' });
    const held = await gramsOf(path, opened.model, values, { count: 24, label: 'held' });
    for (const symmetric of [false, true]) {
      const format = { bits: 4, blockSize: 32, symmetric };
      const all = products.map((node) => {
        const matrix = loadWeight(productWeight(node));
        const { name } = node.input(0);
        const made = Object.entries(ways).map(([way, quantize]) => {
          const blocks = quantize(matrix, format, calibration.get(name));
          return [way, blocks === null ? null : ratios(matrix, blocks, held.get(name))];
        });
        return Object.fromEntries(made);
      });
      for (const way of Object.keys(ways)) {
        const model = `layers ${way}${symmetric ? ' symmetric' : ''}`;
        if (all[0][way] === null || !model.includes(only)) continue;
        yield layerRow(model, { way, all, target: symmetric ? undefined : targets[way] });
      }
    }
  } finally {
    opened.close();
  }
}

function layerRow(model, { way, all, target }) {
  const figures = (kind) => {
    const gains = all.map((layer) => layer[way][kind] - layer.rtn[kind]);
    return { gain: median(gains), least: Math.min(...gains), level: median(all.map((layer) => layer[way][kind])) };
  };
  const [weight, output] = [figures('weight'), figures('output')];
  const told = ({ level, gain, least }) => `${level.toFixed(2)} dB, ${gain.toFixed(2)} [least ${least.toFixed(2)}]`;
  return {
    model,
    before: `${all.length} layers, to rtn:`,
    after: `weight ${told(weight)}; output ${told(output)}`,
    wanted: target?.wanted,
    passes: target === undefined ? null : target.passes({ weight: weight.gain, output: output.gain }),
  };
}
