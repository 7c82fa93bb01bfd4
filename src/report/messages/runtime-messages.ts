import type { RuntimeErrorDetails } from '../../errors.ts';
import { formatBytes, formatMs } from '../units.ts';
import { because, clause } from './phrases.ts';
import type { Sentences } from './sentences.ts';

export const runtimeMessages: Sentences<RuntimeErrorDetails> = {
  'provider-missing': (d) => `provider ${d.provider} cannot be used here: ${clause(d.reason)}; ${clause(d.cure)}`,
  'pin-impossible': (d) => `processes cannot be pinned here: ${pinProblems[d.problem]}`,
  'session-failed': (d) =>
    `${d.model} could not be loaded on ${d.provider}: ${clause(d.problem)}; try another --ep to see whether the model or the provider is at fault`,
  'run-failed': (d) =>
    `${d.model} failed while running on ${d.provider}: ${clause(d.problem)}; check the shapes and values of its inputs`,
  'instances-apart': (d) =>
    `${d.model}: its ${d.instances} instances never ran at the same time; use fewer --instances or a longer --min-time`,
  'logits-not-numbers': (d) =>
    `${d.model}: some of its logits are no numbers, so that no token can be chosen; check the weights, or that the prompts' tokens are of its vocabulary`,
  'out-of-memory': (d) =>
    `${d.model} ran out of memory ${whileAt(d.stage)}: ${clause(d.problem)}; use a smaller --batch or fewer --instances, or raise the memory limit`,
  'process-crashed': (d) => `${d.model}: the process died ${endOf(d)} ${whileAt(d.stage)}; ${crashCure(d.signal)}`,
  'process-timeout': (d) =>
    `${d.model}: nothing was heard from the process for ${formatMs(d.timeoutMs)} ${whileAt(d.stage)} and it was ended; use a smaller --batch or raise --timeout`,
  'process-unstartable': (d) =>
    `the measuring process could not be started: ${clause(d.problem)}; check the installation and the limit on processes`,
  'browser-died': (d) =>
    `${d.model}: the ${d.what === 'page' ? `page in ${d.browser}` : `browser (${d.browser})`} died ${whileAt(d.stage)}; it may have been out of memory: use a smaller --batch or fewer --instances, or name another browser with --browser`,
  'adapter-lost': (d) =>
    `${d.model}: the browser lost its WebGPU adapter ${whileAt(d.stage)}: ${clause(d.problem)}; use a smaller --batch, or update the GPU's driver`,
  'no-node-times': (d) =>
    `${d.provider} tells no times of single nodes; choose a provider of onnxruntime-node for that`,
  'verify-impossible': (d) =>
    `${d.model} does not run as it is${because(d.problem)}; nothing can be compared with it: mend it, or give --no-verify`,
  'training-too-large': (d) =>
    `${d.model}: a training step on ${d.batch === 1 ? 'a single sample' : `${d.batch} samples, which the model takes at once,`} needs about ${formatBytes(d.neededBytes)}, and ${formatBytes(d.availableBytes)} are available; train a smaller student, freeze more with --freeze, or raise the memory limit`,
};

const pinProblems = {
  system: 'that is done on Linux alone; leave --pin out',
  'no-taskset': 'there is no taskset; install it (Debian and Ubuntu: package util-linux), or leave --pin out',
  refused:
    'taskset was not allowed to set the affinity of a process; run where sched_setaffinity is permitted, or leave --pin out',
} as const;

const stages: Readonly<Record<string, string>> = {
  open: 'while loading',
  load: 'while loading',
  run: 'while running',
  generate: 'while writing text',
  warmUp: 'while warming up',
  measure: 'while measuring',
  placement: 'while profiling where its nodes run',
  profile: 'while timing its nodes',
};

function whileAt(stage: string): string {
  return stages[stage] ?? `at stage '${stage}'`;
}

function endOf(details: RuntimeErrorDetails['process-crashed']): string {
  if (details.signal !== null) return `of signal ${details.signal}`;
  return details.exitCode === null ? 'for an unknown reason' : `with exit code ${details.exitCode}`;
}

/** The kernel's out-of-memory killer sends SIGKILL and nothing else of it can be seen from here. */
function crashCure(signal: string | null): string {
  return signal === 'SIGKILL'
    ? 'it was probably out of memory: use a smaller --batch or fewer --instances, or raise the memory limit'
    : 'this is a native crash in onnxruntime or a driver: try another --ep, or another version of onnxruntime';
}
