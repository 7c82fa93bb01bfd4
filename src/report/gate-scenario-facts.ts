import type { GateBlock, GatedModel, GateScenarioResult } from '../gate/gate-result.ts';
import type { Fact } from './fact.ts';
import { describeFinding } from './messages/message.ts';
import { listOf } from './messages/phrases.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatMs, formatPercent, formatWhole } from './units.ts';

const longestRef = 500;

type Conditions = Pick<GateScenarioResult, 'name' | 'ep' | 'batch' | 'threads' | 'instances' | 'dims'>;

/** `Scenario 'resnet': cpu, batch 4, 2 threads, seq=128` */
export function scenarioTitle({ name, ep, batch, threads, instances, dims }: Conditions): string {
  const parts = [
    ep,
    ...(batch === null ? [] : [`batch ${batch}`]),
    count(threads, 'thread'),
    ...(instances === 1 ? [] : [count(instances, 'instance')]),
    ...Object.entries(dims).map(([dimension, length]) => `${dimension}=${length}`),
  ];
  return `Scenario '${shortName(name)}': ${shortName(parts.join(', '), longestRef)}`;
}

/** What was held against what, and whose it is; with details also how it was measured. */
export function scenarioFacts(scenario: GateScenarioResult, details: boolean): readonly Fact[] {
  const { head, owner, failure } = scenario;
  return [
    { label: 'Base', text: baseText(scenario) },
    { label: 'Head', text: modelText(head) },
    ...(owner === null ? [] : [{ label: 'Owner', text: shortName(owner, longestRef) }]),
    ...(failure === null ? [] : [{ label: 'Failed', text: describeFinding(failure) }]),
    ...(details ? detailFacts(scenario) : []),
  ];
}

function baseText({ base, basis, baseFingerprint }: GateScenarioResult): string {
  const stored = `figures that were saved before${baseFingerprint === null ? '' : `, fingerprint ${shortName(baseFingerprint, 12)}`}`;
  if (base === null) return basis === 'stored' ? stored : 'none';
  return basis === 'stored' ? `${modelText(base)}; ${stored}` : modelText(base);
}

/** `git:main:m.onnx, commit 1a2b3c4d5e6f, 97.8 MiB, sha256 9f2c41d07ab3, not as committed` */
export function modelText({ ref, sha256, sizeBytes, commit, dirty }: GatedModel): string {
  const parts = [
    shortName(ref, longestRef),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    formatBytes(sizeBytes),
    `sha256 ${sha256.slice(0, 12)}`,
    ...(dirty === true ? ['not as committed'] : []),
  ];
  return parts.join(', ');
}

function detailFacts({ plan, blocks, inputs }: GateScenarioResult): readonly Fact[] {
  return [
    ...(plan === null ? [] : [{ label: 'Plan', text: planText(plan) }]),
    ...blockFacts(blocks),
    { label: 'Inputs', text: shortName(inputs, longestRef) },
  ];
}

/** How many blocks there are, and what disturbed them; nothing where none was taken. */
export function blockFacts(blocks: readonly GateBlock[]): readonly Fact[] {
  if (blocks.length === 0) return [];
  return [
    { label: 'Blocks', text: blocksText(blocks) },
    { label: 'Noise', text: noiseText(blocks) },
  ];
}

function planText({ pairs, looks, runs, minMs }: NonNullable<GateScenarioResult['plan']>): string {
  const when = looks.length === 0 ? '' : `, looked at after ${looks.join(', ')}`;
  return `${count(pairs, 'pair')} of blocks${when}; a block measures ${count(runs, 'run')} or ${formatMs(minMs)}, whichever is longer`;
}

function blocksText(blocks: readonly GateBlock[]): string {
  const confirming = blocks.filter(({ batch }) => batch === 'confirm').length;
  const runs = blocks.reduce((sum, block) => sum + block.runs, 0);
  const measuredMs = blocks.reduce((sum, { windowMs }) => sum + windowMs, 0);
  const extra = confirming === 0 ? '' : `, ${formatWhole(confirming)} of them to confirm`;
  return `${count(blocks.length, 'block')}${extra}; ${count(runs, 'run')} in ${formatMs(measuredMs)}`;
}

function noiseText(blocks: readonly GateBlock[]): string {
  const dirty = blocks.filter(({ noise }) => noise.dirty.length > 0);
  const repeated = blocks.filter(({ noise }) => noise.repeated).length;
  const rules = [...new Set(dirty.flatMap(({ noise }) => noise.dirty))];
  const parts = [
    `${formatWhole(dirty.length)} disturbed${rules.length === 0 ? '' : ` (${listOf(rules)})`}`,
    `${formatWhole(repeated)} repeated`,
    ...worstText('stalled', blocks, ({ noise }) => noise.stalledShare),
    ...worstText('stolen', blocks, ({ noise }) => noise.stealShare),
  ];
  return parts.join(', ');
}

/** `stalled 1.2 % of a block at worst`; nothing where the system does not tell. */
function worstText(
  what: string,
  blocks: readonly GateBlock[],
  read: (block: GateBlock) => number | null,
): readonly string[] {
  const shares = blocks.map(read).filter((share) => share !== null);
  if (shares.length === 0) return [];
  const worst = shares.reduce((most, share) => Math.max(most, share), 0);
  return [`${what} ${formatPercent(worst)} of a block at worst`];
}
