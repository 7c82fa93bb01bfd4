// Does `infer --help` start as fast as commander itself? `npm run bench:startup [pairs]`
import { execFileSync } from 'node:child_process';
import { median } from '../../dist/stats/quantile.js';
import { pairedRatio } from '../../dist/stats/paired-ratio.js';

const pairs = Number(process.argv[2] ?? 40);
const path = (file) => new URL(file, import.meta.url).pathname;
const time = (argv) => {
  const start = performance.now();
  execFileSync(process.execPath, argv, { stdio: 'ignore' });
  return performance.now() - start;
};
const rows = [];
for (let pair = 0; pair < pairs; pair++) {
  const help = () => time([path('../../bin/infer.js'), '--help']);
  const yardstick = () => time([path('commander-only.mjs')]);
  const helpFirst = pair % 2 === 0;
  const first = helpFirst ? help() : yardstick();
  const second = helpFirst ? yardstick() : help();
  rows.push(helpFirst ? { head: first, base: second } : { head: second, base: first });
}
const { value, low, high } = pairedRatio(rows);
console.log(
  `infer --help ${median(rows.map(({ head }) => head)).toFixed(1)} ms, commander alone ${median(rows.map(({ base }) => base)).toFixed(1)} ms: ` +
    `ratio ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] over ${pairs} interleaved pairs`,
);
