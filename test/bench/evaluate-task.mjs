// One evaluation in a process of its own, as `infer evaluate` does it: prints its time from the opening of the data to
// the result, and the peak memory of both processes, as JSON.
import { readFileSync } from 'node:fs';
import { createRuntime } from '../../dist/commands/create-runtime.js';
import { envelopeOf } from '../../dist/commands/envelope.js';
import { evaluate } from '../../dist/commands/evaluate.js';

const [modelPath, dataPath, batch, threads] = process.argv.slice(2);

/** Peak resident memory of a process so far, by Linux's own count. */
function peakBytes(pid) {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  } catch {
    return 0;
  }
}

/** The process that runs the model: the only child. */
function childPid() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}

let childBytes = 0;
const watch = setInterval(() => {
  childBytes = Math.max(childBytes, peakBytes(childPid()));
}, 50);

let startMs = 0;
const result = await evaluate(
  {
    modelPath,
    referencePath: null,
    dataPath,
    samples: null,
    batch: Number(batch),
    batchDimension: undefined,
    task: { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null },
    goal: { maxDrop: null, minSqnrDb: null, warnsOfDoubt: true },
    provider: 'cpu',
    strictProvider: false,
    threads: Number(threads),
    dims: {},
    shapes: {},
    values: {},
    preprocess: null,
    pairs: null,
    tokenizer: null,
    seed: 0,
    timeoutMs: 60_000,
  },
  {
    runtime: createRuntime(),
    envelope: envelopeOf({ version: '0', argv: [], now: new Date() }),
    signal: new AbortController().signal,
    onEvent: ({ kind }) => {
      if (kind === 'opening') startMs = performance.now();
    },
  },
);
const ms = performance.now() - startMs;
clearInterval(watch);
const accuracy = result.metrics[0]?.value?.value;
console.log(JSON.stringify({ ms, parentBytes: peakBytes('self'), childBytes, accuracy }));
