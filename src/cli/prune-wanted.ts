import { UsageError } from '../errors.ts';

/** The flags that say what is taken out, as text. */
export interface WantedFlags {
  readonly channels?: string;
  readonly heads?: string;
  readonly width?: string;
  readonly layers?: string;
  readonly sparsity?: string;
}

type WantedName = keyof WantedFlags;

const wantedFlags = {
  channels: { flag: '--channels', kind: 'units' },
  heads: { flag: '--heads', kind: 'units' },
  width: { flag: '--width', kind: 'units' },
  layers: { flag: '--layers', kind: 'blocks' },
  sparsity: { flag: '--sparsity', kind: 'zeros' },
} as const satisfies Readonly<Record<WantedName, object>>;

const wantedNames = ['channels', 'heads', 'width', 'layers', 'sparsity'] as const satisfies readonly WantedName[];

/** Goals that say how much is to go where no flag above does. */
export interface TargetFlags {
  readonly maxDrop?: string;
  readonly targetLatency?: string;
  readonly targetSize?: string;
  readonly targetMacs?: string;
}

/** Flags of which one says what to prune, or how far. */
export const pruneFlagTexts: readonly string[] = [
  ...wantedNames.map((name) => wantedFlags[name].flag),
  '--max-drop',
  '--target-latency',
  '--target-size',
  '--target-macs',
];

/** What is taken out where nothing says so and nobody is to be asked. */
export const usualWanted: WantedFlags = { channels: '0.25' };

/**
 * What is to be taken out; empty where no flag says so. Flags of the command line win over all of the config's.
 * @throws UsageError `flags-conflict`
 */
export function readWanted(flags: WantedFlags, isGiven: (option: string) => boolean): WantedFlags {
  const present = wantedNames.filter((name) => flags[name] !== undefined);
  const given = present.filter((name) => isGiven(name));
  const names = given.length > 0 ? given : present;
  checkOneKind(names);
  return Object.fromEntries(names.map((name) => [name, flags[name]]));
}

/** Whether a flag of the command line itself says what is taken out. */
export function isWantedGiven(isGiven: (option: string) => boolean): boolean {
  return wantedNames.some((name) => isGiven(name));
}

/** Whether anything says what to prune, or how far. */
export function saysWhat(
  wanted: WantedFlags,
  { maxDrop, targetLatency, targetSize, targetMacs }: TargetFlags,
): boolean {
  const targets = [maxDrop, targetLatency, targetSize, targetMacs];
  return wantedNames.some((name) => wanted[name] !== undefined) || targets.some((target) => target !== undefined);
}

function checkOneKind(names: readonly WantedName[]): void {
  const [first] = names;
  const other = names.find((name) => first !== undefined && wantedFlags[name].kind !== wantedFlags[first].kind);
  if (first === undefined || other === undefined) return;
  throw new UsageError('flags-conflict', {
    flag: wantedFlags[other].flag,
    other: wantedFlags[first].flag,
    problem: `a run takes out one kind of thing: prune with ${wantedFlags[first].flag} first, and what comes of it with ${wantedFlags[other].flag}`,
  });
}
