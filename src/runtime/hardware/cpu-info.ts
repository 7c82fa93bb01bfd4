import { armPartName } from './arm-part.ts';

/** What `/proc/cpuinfo` tells; null or empty where its architecture leaves a line out. */
export interface CpuInfo {
  readonly model: string | null;
  readonly logicalCores: number;
  readonly physicalCores: number | null;
  readonly flags: ReadonlySet<string>;
  /** Mean over processors. */
  readonly frequencyMhz: number | null;
}

export function parseCpuInfo(text: string): CpuInfo {
  const processors = text
    .split(/\n\s*\n/)
    .map(parseBlock)
    .filter((block) => block.has('processor'));
  const first = processors[0];
  return {
    model: first === undefined ? null : modelOf(first),
    logicalCores: processors.length,
    physicalCores: countCores(processors),
    flags: new Set((first?.get('flags') ?? first?.get('Features') ?? '').split(/\s+/).filter((flag) => flag !== '')),
    frequencyMhz: meanOf(processors.map((block) => Number(block.get('cpu MHz') ?? Number.NaN))),
  };
}

function parseBlock(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  return new Map(pairs);
}

function modelOf(block: ReadonlyMap<string, string>): string | null {
  const name = block.get('model name');
  if (name !== undefined && name !== '') return name;
  const implementer = block.get('CPU implementer');
  const part = block.get('CPU part');
  return implementer === undefined || part === undefined ? null : armPartName(implementer, part);
}

/** Hyper-threads of one core share its `core id`, which is unique only within its `physical id` (the socket). */
function countCores(processors: readonly ReadonlyMap<string, string>[]): number | null {
  const cores = new Set<string>();
  for (const block of processors) {
    const core = block.get('core id');
    if (core === undefined) return null;
    cores.add(`${block.get('physical id') ?? '0'}/${core}`);
  }
  return cores.size === 0 ? null : cores.size;
}

/** Mean of the values, null unless all are positive numbers. */
export function meanOf(values: readonly number[]): number | null {
  if (values.length === 0 || !values.every((value) => value > 0)) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
