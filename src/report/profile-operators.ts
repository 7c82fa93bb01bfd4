import type { ProfiledKernel, ProfileSubject } from '../profile/profile-result.ts';
import { columnsOf } from './columns-of.ts';
import { estimateText } from './estimate-text.ts';
import { moreText } from './more-text.ts';
import { boundShares } from './profile-labels.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatMagnitude, formatNumber, formatPercent, formatWhole, inUnit, timeUnitFor } from './units.ts';
import type { View } from './view.ts';

/** Operators by the time that their kernels take. */
export function operatorsSection(subject: ProfileSubject, { top }: View): Section {
  const { operators } = subject;
  const shown = operators.slice(0, top).map((row) => ({ ...row, ...workOf(row.op, subject) }));
  const unit = timeUnitFor(shown.map(({ timeMs }) => timeMs.value));
  const columns = columnsOf(shown, [
    ['operator', 'left', ({ op }) => shortName(op)],
    ['kernels', 'right', ({ count }) => formatWhole(count)],
    [unit, 'right', ({ timeMs }) => inUnit(timeMs.value, unit)],
    ['of the time', 'right', ({ share }) => estimateText(share, 'percent')],
    ['MACs', 'right', ({ macs }) => (macs === 0 ? '' : formatMagnitude(macs)), 2],
    ['GFLOP/s', 'right', ({ rate }) => (rate === null ? '' : formatNumber(rate)), 3],
    ['held back by', 'left', ({ bound }) => bound, 1],
  ]);
  const more = moreText({ of: operators.length, shown: shown.length, noun: 'operator' });
  return { title: 'Operators', blocks: shown.length === 0 ? [] : [{ kind: 'grid', columns, more }] };
}

function workOf(op: string, { kernels }: ProfileSubject) {
  const own = kernels.filter((kernel) => kernel.op === op);
  const counted = own.filter(({ macs }) => macs !== null && macs > 0);
  const macs = counted.reduce((sum, kernel) => sum + (kernel.macs ?? 0), 0);
  const timeMs = counted.reduce((sum, kernel) => sum + kernel.timeMs.value, 0);
  return { macs, rate: macs > 0 && timeMs > 0 ? (2 * macs) / timeMs / 1e6 : null, bound: mostlyText(own) };
}

/** `compute 94 %`: what holds back the most of their time. */
function mostlyText(kernels: readonly ProfiledKernel[]): string {
  const all = kernels.reduce((sum, { share }) => sum + share.value, 0);
  const bounds = [...boundShares(kernels)].toSorted(([, a], [, b]) => b - a);
  const [bound = null, share = 0] = bounds[0] ?? [];
  if (bound === null || all === 0) return '';
  return bounds.length === 1 ? bound : `${bound} ${formatPercent(share / all)}`;
}
