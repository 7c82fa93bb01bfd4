import type { ProfiledNode, ProfileSubject } from '../profile/profile-result.ts';
import { columnsOf } from './columns-of.ts';
import { shareText } from './inspect-operators.ts';
import { fateText } from './messages/profile-fates.ts';
import { kernelLabel } from './profile-labels.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatMagnitude, inUnit, timeUnitFor } from './units.ts';

/** What became of every node of the file, in its order. */
export function nodesSection(subject: ProfileSubject): Section {
  const { nodes } = subject;
  const unit = timeUnitFor(nodes.map(({ timeMs }) => timeMs));
  const columns = columnsOf(nodes, [
    ['node', 'left', ({ name, op }) => shortName(name === '' ? op : name, 36)],
    ['operator', 'left', ({ op }) => shortName(op, 24)],
    ['what became of it', 'left', (node) => fateCell(node, subject)],
    [unit, 'right', ({ timeMs }) => (timeMs === 0 ? '' : inUnit(timeMs, unit))],
    ['of the time', 'right', ({ share }) => shareText(share)],
    ['MACs', 'right', ({ macs }) => (macs === null ? '?' : macs === 0 ? '' : formatMagnitude(macs)), 2],
    ['moved', 'right', ({ bytes }) => (bytes === null ? '?' : formatBytes(Math.round(bytes))), 3],
    ['held back by', 'left', ({ bound }) => bound ?? '', 1],
  ]);
  return { title: 'Nodes of the file', blocks: nodes.length === 0 ? [] : [{ kind: 'grid', columns, more: null }] };
}

function fateCell({ fate, kernels }: ProfiledNode, subject: ProfileSubject): string {
  const host = subject.kernels[kernels[0] ?? -1];
  if (fate !== 'fused' || host === undefined) return fateText(fate);
  return `${fateText(fate)} ${shortName(kernelLabel(host, subject), 28)}`;
}
