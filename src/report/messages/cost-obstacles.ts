import type { Finding } from '../../errors.ts';
import type { ProjectionGap } from '../../cost/hardware/translation.ts';
import { limitText } from '../estimate-text.ts';
import { shortName } from '../short-name.ts';
import { formatBytes, formatMs, formatWhole } from '../units.ts';
import { describeFinding } from './message.ts';
import { sentenceFrom } from './sentence-from.ts';
import type { Sentences } from './sentences.ts';

/** Details of why a machine will not do, by code; sizes are in bytes, or in vCPUs. */
interface ObstacleDetails {
  'cost-no-projection': { reason: ProjectionGap; processor: string | null; accelerator: string | null };
  'cost-does-not-fit': {
    what: 'vcpus' | 'memory' | 'accelerator-memory';
    needed: number;
    available: number;
  };
  'cost-objective-below-service': { percentile: number; limitMs: number; aloneMs: number };
  'cost-objective-missed': { percentile: number; limitMs: number; reachedMs: number };
  'cost-overload': { machines: number; most: number };
}

const gapTexts: Readonly<Record<ProjectionGap, (d: ObstacleDetails['cost-no-projection']) => string>> = {
  'no-accelerator': () => 'it was measured on an accelerator, and the machine has none',
  'unknown-accelerator': (d) => `the catalog knows no speed of its ${d.accelerator ?? 'accelerator'}`,
  'unknown-processor': (d) => `the catalog knows no speed of its ${d.processor ?? 'processor'}`,
  'unsupported-accelerator': (d) => `onnxruntime has no provider for its ${d.accelerator ?? 'accelerator'}`,
  'unknown-measured-accelerator': () => 'the catalog knows no speed of the accelerator that was measured on',
};

const obstacleMessages: Sentences<ObstacleDetails> = {
  'cost-no-projection': (d) => gapTexts[d.reason](d),
  'cost-does-not-fit': (d) => {
    if (d.what === 'vcpus')
      return `a replica takes ${limitText(d.needed, 'plain')} vCPUs, and it has ${formatWhole(d.available)}; measure with fewer --threads`;
    const memory = d.what === 'memory' ? 'memory' : 'accelerator memory';
    return `a replica takes ${formatBytes(d.needed)} of ${memory}, and it has ${formatBytes(d.available)}`;
  },
  'cost-objective-below-service': (d) =>
    `p${d.percentile} of one request alone is ${formatMs(d.aloneMs)}, beyond the ${limitText(d.limitMs, 'plain')} ms asked for`,
  'cost-objective-missed': (d) =>
    `p${d.percentile} is ${formatMs(d.reachedMs)}, beyond the ${limitText(d.limitMs, 'plain')} ms asked for`,
  'cost-overload': (d) => `the load takes ${formatWhole(d.machines)} machines, more than ${formatWhole(d.most)}`,
};

const titles: Readonly<Record<keyof ObstacleDetails, string>> = {
  'cost-no-projection': 'Not projected',
  'cost-does-not-fit': 'Too small',
  'cost-objective-below-service': 'Too slow alone',
  'cost-objective-missed': 'Too slow',
  'cost-overload': 'Too many',
};

const longestSentence = 500;

/** Why a machine will not do; what another version of infer wrote as it is. Names cannot control the terminal. */
export function describeObstacle(obstacle: Finding): string {
  const sentence = sentenceFrom(obstacleMessages, obstacle);
  return sentence === null ? describeFinding(obstacle) : shortName(sentence, longestSentence);
}

/** One or two words for a kind of obstacle. */
export function obstacleTitle(code: string): string {
  const known: Readonly<Record<string, string>> = titles;
  return Object.hasOwn(known, code) ? (known[code] ?? code) : shortName(code);
}
