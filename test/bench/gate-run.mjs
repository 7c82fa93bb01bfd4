// What `npm run bench:gate-aa` and `bench:gate-power` share: one gate on the p50 alone, and what they are asked.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'infer-gate-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const inFolder = (name) => join(folder, name);

/** Options as text, `defaults` among them. */
export function gateArguments(defaults) {
  const all = { model: join(root, 'fixtures/digits/cnn.onnx'), batch: '8', threads: '1', tolerance: '5%', ...defaults };
  const options = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, { type: 'string', default: value }]),
  );
  return parseArgs({ options }).values;
}

/** Runs `infer gate` to its end, whatever its verdict. */
export function gate({ base, head, budget, batch, threads, tolerance, seed }) {
  const output = inFolder('gate.json');
  const words = ['gate', '--base', base, '--head', head, '--metric', 'latency-p50', '--tolerance', tolerance];
  const place = [
    '--budget',
    budget,
    '--batch',
    batch,
    '--threads',
    threads,
    '--seed',
    String(seed),
    '-q',
    '-o',
    output,
  ];
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] };
    const child = spawn(process.execPath, [join(root, 'bin/infer.js'), ...words, ...place], options);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = (performance.now() - start) / 1000;
      if (code === 0 || code === 1) resolve({ result: JSON.parse(readFileSync(output, 'utf8')), seconds });
      else reject(new Error(`infer gate ended with ${code}: ${errors.trim()}`));
    });
  });
}

export const percent = (share) => (share === null || share === undefined ? '-' : `${(100 * share).toFixed(1)} %`);
