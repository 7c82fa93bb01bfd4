import type { ProfiledKernel, ProfileResult, ProfileSubject } from '../profile/profile-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { fatesText } from './messages/profile-fates.ts';
import { addedText } from './profile-labels.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatMagnitude, formatMs, formatPercent, formatRatio, formatWhole } from './units.ts';

/** What a profile was taken of and how. */
export function profileFacts(result: ProfileResult): readonly Fact[] {
  return [
    { label: 'Run', text: runText(result) },
    ...subjectFacts(result),
    { label: 'Inputs', text: inputsText(result) },
    { label: 'Machine', text: machineText(result.environment) },
    { label: 'Software', text: softwareText(result.environment) },
  ];
}

/** What differs from subject to subject. */
export function subjectFacts(subject: ProfileSubject): readonly Fact[] {
  const { macs, arenaPeakBytes, nodes, kernels } = subject;
  return [
    { label: 'Profile', text: profileText(subject) },
    ...(nodes.length === 0 ? [] : [{ label: 'Nodes', text: nodesText(subject) }]),
    ...addedFacts(kernels),
    ...(macs === null || macs === 0 ? [] : [{ label: 'MACs', text: macsText(macs, subject) }]),
    ...(arenaPeakBytes === null ? [] : [{ label: 'Arena', text: `${formatBytes(arenaPeakBytes)} at most` }]),
  ];
}

function runText({ threads, batch, dims, ep, settings: { optimization }, rounds }: ProfileResult): string {
  const lengths = Object.entries(dims).map(([name, length]) => `${shortName(name)}=${length}`);
  const parts = [
    `${ep}, ${count(threads, 'thread')}`,
    ...(batch === null ? [] : [`batch ${batch}`]),
    ...lengths,
    `graph optimization ${optimization}`,
    count(rounds, 'round'),
  ];
  return shortName(parts.join(', '), longestText);
}

const longestText = 400;

/** How far the profile is from an undisturbed run. */
function profileText({ profiledRuns, profiledMs, latencyMs, coverage, writingShare }: ProfileSubject): string {
  if (profiledRuns === 0) return 'no run was told';
  const slower = latencyMs.value === 0 ? '' : ` (${formatRatio(profiledMs / latencyMs.value)} as long as without)`;
  return `${count(profiledRuns, 'run')} of ${formatMs(profiledMs)}${slower}; kernels cover ${formatPercent(coverage)} of it, and writing them down ${formatPercent(writingShare)}`;
}

function nodesText({ nodes }: ProfileSubject): string {
  return `${formatWhole(nodes.length)} in the file: ${fatesText(nodes.map(({ fate }) => fate))}`;
}

function addedFacts(kernels: readonly ProfiledKernel[]): readonly Fact[] {
  const groups = new Map<NonNullable<ProfiledKernel['added']>, ProfiledKernel[]>();
  for (const kernel of kernels)
    if (kernel.added !== null) groups.set(kernel.added, [...(groups.get(kernel.added) ?? []), kernel]);
  if (groups.size === 0) return [];
  const texts = [...groups].map(([added, own]) => {
    const share = own.reduce((sum, kernel) => sum + kernel.share.value, 0);
    return `${formatWhole(own.length)} ${addedText(added, own.length)} (${formatPercent(share)} of the time)`;
  });
  return [{ label: 'Added', text: `by the runtime: ${texts.join(', ')}` }];
}

function macsText(macs: number, { latencyMs }: ProfileSubject): string {
  const rate = latencyMs.value === 0 ? '' : `, ${formatMagnitude((2 * macs * 1000) / latencyMs.value)}FLOP/s`;
  return `${formatMagnitude(macs)}${rate}`;
}

function inputsText({ settings: { inputs, seed } }: ProfileResult): string {
  return inputs === 'synthetic' ? `synthetic, seed ${seed}` : shortName(inputs, longestText);
}
