import type { ProfiledKernel, ProfileSubject } from '../profile/profile-result.ts';
import { columnsOf } from './columns-of.ts';
import type { RowColumn } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import type { Column } from './grid.ts';
import { moreText } from './more-text.ts';
import { costliest, hasSeveralProviders, kernelLabel, operatorsDone, providerLabel } from './profile-labels.ts';
import type { Section } from './section.ts';
import { shapeCell } from './shape-cell.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';
import type { TimeUnit } from './units.ts';
import { formatBytes, formatMagnitude, formatNumber, formatPercent, inUnit, timeUnitFor } from './units.ts';
import type { View } from './view.ts';

/** The costliest kernels, each by the node of the file that it does the work of. */
export function kernelsSection(subject: ProfileSubject, { top, details }: View): Section {
  const all = costliest(subject.kernels);
  const shown = details ? all : all.slice(0, top);
  const unit = timeUnitFor(shown.map(({ timeMs }) => timeMs.value));
  const columns = columnsOf(shown, [...timeColumns(subject, unit), ...workColumns(subject)]);
  const more = moreText({ of: all.length, shown: shown.length, noun: 'kernel' });
  const block = { kind: 'grid', columns: withTones(columns, shown, subject), more } as const;
  return { title: 'Nodes', blocks: shown.length === 0 ? [] : [block] };
}

type KernelColumn = RowColumn<ProfiledKernel>;

function timeColumns(subject: ProfileSubject, unit: TimeUnit): readonly KernelColumn[] {
  const { kernels } = subject;
  const parentOf = ({ within }: ProfiledKernel) => kernels[within ?? -1];
  const insideOf = (kernel: ProfiledKernel) => {
    const parent = parentOf(kernel);
    return parent === undefined ? '' : shortName(kernelLabel(parent, subject), 16);
  };
  return [
    ['node', 'left', (kernel) => shortName(kernelLabel(kernel, subject), 36)],
    ['operator', 'left', ({ op, added }) => `${shortName(op, 24)}${added === null ? '' : ' (added)'}`],
    ...when<KernelColumn>(
      kernels.some((kernel) => operatorsDone(kernel, subject) !== ''),
      ['does the work of', 'left', (kernel) => shortName(operatorsDone(kernel, subject), 32), 6],
    ),
    ...when<KernelColumn>(
      kernels.some(({ within }) => within !== null),
      ['inside', 'left', insideOf, 7],
    ),
    ...when<KernelColumn>(hasSeveralProviders(subject), ['on', 'left', ({ provider }) => providerLabel(provider), 1]),
    [unit, 'right', ({ timeMs }) => inUnit(timeMs.value, unit)],
    ['of the time', 'right', ({ share }) => estimateText(share, 'percent')],
  ];
}

function workColumns({ kernels }: ProfileSubject): readonly KernelColumn[] {
  return [
    ['MACs', 'right', ({ macs }) => (macs === null || macs === 0 ? '' : formatMagnitude(macs)), 8],
    ['moved', 'right', ({ bytes }) => told(bytes, (value) => formatBytes(Math.round(value))), 9],
    ['GFLOP/s', 'right', ({ gflopPerSecond: rate }) => (rate === 0 ? '' : told(rate, formatNumber)), 3],
    ['GB/s', 'right', ({ gbPerSecond }) => told(gbPerSecond, formatNumber), 4],
    ...when<KernelColumn>(
      kernels.some(({ bound }) => bound !== null),
      ['held back by', 'left', boundText, 2],
    ),
    ...when<KernelColumn>(
      kernels.some(({ waitShare }) => waitShare !== null),
      ['waits', 'right', ({ waitShare }) => told(waitShare, formatPercent), 10],
    ),
    ...when<KernelColumn>(
      kernels.some(({ arenaBytes }) => arenaBytes !== null),
      ['arena', 'right', ({ arenaBytes }) => told(arenaBytes, formatBytes), 11],
    ),
    ['output', 'left', ({ outputs: [first] }) => (first === undefined ? '' : shapeCell(first.dims)), 12],
  ];
}

/** What is not known is blank. */
function told(value: number | null, format: (value: number) => string): string {
  return value === null ? '' : format(value);
}

function when<Item>(isWanted: boolean, item: Item): readonly Item[] {
  return isWanted ? [item] : [];
}

/** `compute, 78 % of the roof` */
function boundText({ bound, roofShare }: ProfiledKernel): string {
  if (bound === null) return '';
  // Far below both roofs, how far says nothing.
  if (roofShare === null || bound === 'overhead') return bound;
  return `${bound} (${formatPercent(roofShare)} of roof)`;
}

/** What is not the model's own work stands out: copies between providers, and what another provider ran. */
function withTones(
  columns: readonly Column[],
  shown: readonly ProfiledKernel[],
  subject: ProfileSubject,
): readonly Column[] {
  const main = mainProvider(subject);
  const tones = shown.map(({ added, provider }): Tone => (added === 'copy' || provider !== main ? 'warn' : 'plain'));
  return columns.map((column) => ({
    ...column,
    cells: column.cells.map((cell, row) => ({ ...cell, tone: tones[row] ?? 'plain' })),
  }));
}

/** The one that took most of the time, or on which fallbacks are none. */
function mainProvider({ ep, kernels }: ProfileSubject): string | undefined {
  const providers = [...new Set(kernels.map(({ provider }) => provider))];
  return providers.find((provider) => providerLabel(provider).toLowerCase() === ep) ?? providers[0];
}
