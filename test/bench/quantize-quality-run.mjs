// What the sections of `npm run bench:quantize-quality` run: `infer quantize` and `infer evaluate`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Exit code 1 is a result too: a goal that was missed. */
function infer(words, resultPath) {
  rmSync(resultPath, { force: true });
  const stdio = ['ignore', 'ignore', 'pipe'];
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/infer.js'), ...words, '-q'], {
    encoding: 'utf8',
    stdio,
  });
  if (!existsSync(resultPath)) throw new Error(`exit code ${status}: ${stderr.trim().split('\n')[0]}`);
  return JSON.parse(readFileSync(resultPath, 'utf8'));
}

/** Where the quantized model is, and what was told of it. Written even where it is worse. */
export function quantize(model, { folder, words }) {
  const output = join(folder, 'quantized.onnx');
  const report = join(folder, 'quantized.json');
  rmSync(output, { force: true });
  const result = infer(['quantize', model, ...words, '--accept-worse', '--report', report, '-o', output], report);
  return { path: output, result };
}

export function evaluate(model, { folder, reference, words }) {
  const output = join(folder, 'evaluated.json');
  return infer(['evaluate', model, '--reference', reference, ...words, '-o', output], output);
}

/** Which candidate it is and what it brought, for remarks. */
export function describeQuantized({ candidates, verdict }) {
  const chosen = candidates.find((candidate) => candidate.chosen);
  if (chosen === undefined) return '';
  const speed = chosen.speedup === null ? '' : `, ${chosen.speedup.value.toFixed(2)}x`;
  return `${chosen.name}, ${chosen.quantizedNodes} nodes${speed}${verdict === 'fail' ? ', worse than the original' : ''}`;
}

const percent = (share) => (100 * share).toFixed(2);

export const share = ({ value, low, high }) => `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
export const points = ({ value, low, high }) =>
  `${percent(value)} pt${low === null ? '' : ` [${percent(low)}, ${percent(high)}]`}`;

/** Least signal-to-noise ratio of the outputs, in dB. */
export function leastSqnr({ closeness }) {
  const known = closeness.filter(({ exact, sqnrDb }) => !exact && sqnrDb !== null).map(({ sqnrDb }) => sqnrDb.value);
  return known.length === 0 ? 'exact' : `${Math.min(...known).toFixed(1)} dB`;
}
