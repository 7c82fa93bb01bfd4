import type { GateCell, GateResult } from '../gate/gate-result.ts';
import { cellName, verdictText } from './gate-cell-text.ts';
import { ratioText } from './gate-figures.ts';
import { grouped } from './grouped.ts';
import { shortName } from './short-name.ts';
import type { Tone } from './style.ts';
import { count, formatWhole } from './units.ts';

const mostNamed = 3;

/** The verdict of the gate, and the cells that decided it. */
export function gateHeading({ verdict, cells, interrupted }: GateResult): string {
  const word = `${verdict.toUpperCase()}${interrupted ? ' (interrupted)' : ''}`;
  const deciding = cells.filter((cell) => cell.severity === 'fail' && cell.verdict === verdict);
  if (verdict === 'pass') return `${word}: nothing is worse than is tolerated`;
  if (verdict === 'new') return `${word}: there is no base to compare with`;
  if (deciding.length === 0) return word;
  const named = deciding.slice(0, mostNamed).map(decidingText);
  const rest = deciding.length - named.length;
  return `${word}: ${named.join('; ')}${rest > 0 ? `; and ${formatWhole(rest)} more` : ''}`;
}

export const gateTones: Readonly<Record<GateResult['verdict'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warn',
  incomparable: 'warn',
  new: 'strong',
};

function decidingText(cell: GateCell): string {
  const ratio = ratioText(cell, null);
  return `${cellName(cell)} of '${shortName(cell.scenario)}'${ratio === '-' || ratio === 'same' ? '' : ` ${ratio}`}`;
}

/** `14 cells in 3 scenarios: 2 fail, 1 inconclusive, 11 pass` */
export function countsText({ cells, scenarios }: GateResult): string {
  const kinds = grouped(cells, verdictText).toSorted((a, b) => rank(a.key) - rank(b.key));
  const counts = kinds.map(({ key, members }) => `${formatWhole(members.length)} ${key}`);
  const told = counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  return `${count(cells.length, 'cell')} in ${count(scenarios.length, 'scenario')}${told}`;
}

const ranks: readonly string[] = ['fail', 'inconclusive', 'incomparable', 'waived', 'new', 'pass'];

/** What needs looking at first: by verdict, those that only warn after those that decide. */
export function rank(verdict: string): number {
  const [word = ''] = verdict.split(' ');
  return ranks.indexOf(word) + (verdict === word ? 0 : 0.5);
}
