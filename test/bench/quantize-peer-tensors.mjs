// The section `tensors` of `npm run bench:quantize-peer`: are the numbers that `infer quantize` writes those of
// onnxruntime's Python tools, for the same settings and the same samples? Both quantize what `infer optimize` made of the
// model, and what both made of one tensor is compared: equal bit for bit, or how many steps apart (units in the last
// place for scales). A difference that nothing explains ends in exit code 1.
//
// Not compared is what one of them alone makes: they quantize products of two activations, norms, and Softmax with a
// scale of 1/256, which all run in float between the pairs or lose what they gain (docs of `static-rules.ts`); Gemm is
// spelled MatMul and Add for their dynamic and block quantizers, which know nothing else. What pads a last block is 0
// there and the zero point here, and nobody reads it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { compareModels } from './quantize-peer-compare.mjs';

/** Settings by the name that `quantize_peer_tensors.py` knows them by, with our flags for the same. */
const settings = [
  ...['', '-tensor'].flatMap((scales) =>
    ['', '-reduced'].map((range) => ({
      name: `dynamic${scales}${range}`,
      words: ['--int8', '--method', 'dynamic', '--no-verify', ...rangeFlags(range), ...scaleFlags(scales)],
    })),
  ),
  ...['', '-reduced'].map((range) => ({
    name: `static${range}`,
    needsData: true,
    words: ['--int8', '--method', 'static', '--calibration', 'minmax', ...rangeFlags(range)],
    more: ['--no-bias-correction', '--no-verify'],
  })),
  ...['', '-symmetric', '-16', '-128-symmetric'].map((name) => ({
    name: `blocks4${name}`,
    words: ['--int4', '--algorithm', 'rtn', '--no-verify', ...blockFlags(name)],
  })),
  ...['', '-symmetric'].map((name) => ({
    name: `blocks8${name}`,
    words: ['--int8', '--method', 'blocks', '--algorithm', 'rtn', '--no-verify', ...blockFlags(name)],
  })),
];

function rangeFlags(range) {
  return [range === '' ? '--no-reduce-range' : '--reduce-range'];
}

function scaleFlags(scales) {
  return scales === '' ? [] : ['--per-tensor'];
}

function blockFlags(name) {
  const size = /\d+/.exec(name)?.[0] ?? '32';
  return ['--block-size', size, ...(name.includes('symmetric') ? ['--symmetric'] : [])];
}

/** Prints a row for each setting and kind of tensor. `infer` runs a command, `row` prints cells. */
export function compareTensors({ python, path, inFolder, flags, infer, row, name }) {
  const float = inFolder('optimized.onnx');
  const made = infer(['optimize', path, '-o', float, '--force', '--no-verify']);
  if (made.status !== 0) throw new Error(`optimize: ${made.reason}`);
  const script = join(import.meta.dirname, 'quantize_peer_tensors.py');
  const words = [script, float, inFolder('calibration.npz'), inFolder('tensors'), ...settings.map((each) => each.name)];
  const output = execFileSync(python, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const theirs = new Map(
    output
      .trim()
      .split('\n')
      .map((text) => [JSON.parse(text).config, JSON.parse(text)]),
  );
  for (const setting of settings) {
    const peer = theirs.get(setting.name);
    const own = inFolder(`tensors/infer-${setting.name}.onnx`);
    const data = setting.needsData === true ? ['--data', inFolder('calibration.npz'), ...flags] : [];
    const common = ['-o', own, '--force', '--accept-worse', '--no-bench', ...(setting.more ?? []), ...data];
    const { status, reason } = infer(['quantize', float, ...setting.words, ...common]);
    if (status !== 0 || peer?.path == null) {
      // A model without a product is nothing for some settings.
      if (!reason.includes('has nothing to quantize')) process.exitCode = 1;
      row([name, setting.name, status === 0 ? `python: ${peer?.error}` : `infer: ${reason}`]);
      continue;
    }
    for (const sum of compareModels({ float, ours: own, theirs: peer.path })) {
      row([name, setting.name, sum.kind, `${sum.equal} of ${sum.tensors}`, differenceOf(sum)]);
      if (!sum.isExplained) process.exitCode = 1;
    }
  }
}

function differenceOf({ kind, elements, differing, most, names }) {
  if (differing === 0) return '';
  const unit = kind.includes('scales') ? 'ulp' : 'steps';
  const shown = `${names.slice(0, 2).join(', ')}${names.length > 2 ? ', …' : ''}`;
  return `${differing} of ${elements} numbers, at most ${most} ${unit} (${shown})`;
}
