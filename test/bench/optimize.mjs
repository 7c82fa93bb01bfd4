// How many nodes are left by `infer optimize`, and by OnnxSlim and onnxsim where PYTHON names a Python that has them?
// `npm run bench:optimize [-- MODEL.onnx…]`: those models, or the ones that npm brought.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModel } from '../../dist/onnx/file/open-model.js';
import { allGraphs } from '../../dist/onnx/traverse.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const known = Object.values(JSON.parse(readFileSync(join(root, 'fixtures/models/models.json'), 'utf8')));
const models =
  process.argv.length > 2
    ? process.argv.slice(2).map((path) => ({ path, flags: ['--no-verify'] }))
    : known.map(({ path, input, dims, flags }) => ({
        path: join(root, path),
        // A dimension given to `optimize` would be baked in: shapes serve the comparison alone.
        flags: ['--shape', `${input}=${dims.join('x')}`, ...flags.filter((_, i) => flags[i - (i % 2)] === '--input')],
      }));
const folder = mkdtempSync(join(tmpdir(), 'infer-optimize-'));

/** Nodes of the main graph without Constant nodes, which the peers do not count either; and all nodes there are. */
function nodesOf(path) {
  const opened = openModel(path);
  let [main, all] = [0, 0];
  for (const node of opened.model.graph.nodes()) if (node.op !== 'Constant') main++;
  for (const graph of allGraphs(opened.model)) all += graph.nodeCount;
  opened.close();
  return `${main}/${all}`;
}

function ours({ path, flags }) {
  const target = join(folder, 'ours.onnx');
  const words = ['optimize', path, '-o', target, '--force', '--json', ...flags];
  const result = JSON.parse(
    execFileSync(process.execPath, [join(root, 'bin/infer.js'), ...words], { encoding: 'utf8' }),
  );
  const { verification } = result;
  return { nodes: nodesOf(target), verified: verification.status };
}

function peer(code, path) {
  if (process.env.PYTHON === undefined) return '-';
  const target = join(folder, 'peer.onnx');
  rmSync(target, { force: true });
  try {
    execFileSync(process.env.PYTHON, ['-c', code, path, target], { stdio: 'pipe' });
    return nodesOf(target);
  } catch (error) {
    return `fails: ${String(error.stderr).trim().split('\n').at(-1).slice(0, 60)}`;
  }
}

const onnxslim = 'import sys, onnx, onnxslim; onnx.save(onnxslim.slim(onnx.load(sys.argv[1])), sys.argv[2])';
const onnxsim = 'import sys, onnx, onnxsim; onnx.save(onnxsim.simplify(onnx.load(sys.argv[1]))[0], sys.argv[2])';

console.log('nodes of the main graph without Constants / all nodes, those of subgraphs and Constants too');
const row = (cells) => console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(40) : cell.padEnd(12))).join(' '));
row(['model', 'before', 'infer', 'outputs', 'OnnxSlim', 'onnxsim']);
try {
  for (const model of models) {
    const { nodes, verified } = ours(model);
    row([
      basename(model.path),
      nodesOf(model.path),
      nodes,
      verified,
      peer(onnxslim, model.path),
      peer(onnxsim, model.path),
    ]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
