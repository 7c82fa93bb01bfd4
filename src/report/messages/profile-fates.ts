import type { NodeFate } from '../../profile/profile-vocabulary.ts';
import { formatWhole } from '../units.ts';

const fates: Readonly<Record<NodeFate, string>> = {
  ran: 'ran',
  fused: 'fused into',
  folded: 'computed while loading',
  dropped: 'dropped',
  'not-run': 'did not run',
};

/** What became of a node of the file. */
export function fateText(fate: NodeFate): string {
  return fates[fate];
}

const counts: Readonly<Record<NodeFate, string>> = {
  ran: 'ran',
  fused: 'fused into others',
  folded: 'computed while loading',
  dropped: 'dropped',
  'not-run': 'not run (in a branch or body that was not taken)',
};

/** `4 ran, 1 dropped`: what became of several. */
export function fatesText(fates: readonly NodeFate[]): string {
  const texts = Object.entries(counts).flatMap(([fate, text]) => {
    const own = fates.filter((other) => other === fate).length;
    return own === 0 ? [] : [`${formatWhole(own)} ${text}`];
  });
  return texts.join(', ');
}
