import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import type { JudgedResult } from './judged-texts.ts';
import { describeFinding } from './messages/message.ts';
import { count, formatBytes, formatMs } from './units.ts';

/** What the original and what was made of it were compared on, and how long they take. */
export function comparisonFacts(result: JudgedResult): readonly Fact[] {
  return [{ label: 'Compared', text: comparedText(result) }, ...speedFacts(result)];
}

function comparedText({ evaluation: { source, samples } }: JudgedResult): string {
  switch (source) {
    case 'data':
      return `with the original on ${count(samples, 'sample')} of the data`;
    case 'synthetic':
      return `with the original on ${count(samples, 'made-up sample')}`;
    case 'none':
      return 'not compared';
  }
}

function speedFacts({ speedup, benchFailure, interrupted }: JudgedResult): readonly Fact[] {
  if (benchFailure !== null)
    return [{ label: 'Latency', text: `could not be measured: ${describeFinding(benchFailure)}` }];
  if (speedup === null) return [{ label: 'Latency', text: interrupted ? 'not measured: interrupted' : 'not measured' }];
  const { beforeMs, afterMs, pairs, ep, threads } = speedup;
  const times = `p50 ${formatMs(beforeMs.value)} -> ${formatMs(afterMs.value)}`;
  return [
    { label: 'Latency', text: `${times}, ${ep}, ${count(threads, 'thread')}, ${count(pairs, 'pair')} of blocks` },
  ];
}

/** Where the tensors are, and on what all of it was done. */
export function placeFacts({ output, environment }: JudgedResult): readonly Fact[] {
  return [
    ...(output === null || output.dataPath === null
      ? []
      : [{ label: 'Data', text: `${output.dataPath}, ${formatBytes(output.dataBytes)}` }]),
    { label: 'Machine', text: machineText(environment) },
    { label: 'Software', text: softwareText(environment) },
  ];
}
