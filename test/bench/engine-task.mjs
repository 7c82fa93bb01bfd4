// One task of bench:engine in a process of its own: prints its time and the process's peak memory as JSON.
import { readFileSync } from 'node:fs';
import { openModel } from '../../dist/onnx/file/open-model.js';
import { saveModel } from '../../dist/onnx/file/save-model.js';
import { inspectModel } from '../../dist/inspect/inspect-model.js';

const [task, path, target] = process.argv.slice(2);
const tasks = {
  open: async () => {
    const opened = openModel(path);
    return () => opened.close();
  },
  inspect: async () => {
    const opened = openModel(path);
    inspectModel(opened.model, { dims: {} });
    return () => opened.close();
  },
  save: async () => save('keep'),
  // Every message built anew, as after an edit.
  edit: async () => save('keep', (model) => model.graph.lastNode?.touch()),
  external: async () => save('external'),
};

async function save(externalData, change = () => undefined) {
  const opened = openModel(path);
  change(opened.model);
  await saveModel(opened.model, target, { externalData });
  return () => opened.close();
}

const start = performance.now();
const end = await tasks[task]();
const ms = performance.now() - start;
end();
console.log(JSON.stringify({ ms, peakBytes: peakBytes() }));

/** Peak resident memory; Linux's own count, which knows the time before Node's start too. */
function peakBytes() {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
