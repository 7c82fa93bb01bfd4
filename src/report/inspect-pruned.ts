import type { Fact } from './fact.ts';
import type { MadeBy } from './made-metadata.ts';
import { inside, listTextOf, textOf } from './made-metadata.ts';
import { count, formatPercent } from './units.ts';

/** What `infer prune` leaves in what it writes. */
export const madeByPrune: MadeBy = {
  key: 'infer.prune',
  title: 'Pruned by infer',
  ownFacts,
};

const shares = ['channels', 'heads', 'width', 'layers', 'sparsity'] as const;

function ownFacts(options: unknown, made: unknown): readonly Fact[] {
  const kind = textOf(options, 'kind');
  if (kind === '') return [];
  const removed = shares.flatMap((name) => {
    const text = textOf(options, name);
    return text === '' ? [] : [`${name} ${text}`];
  });
  const isSparse = kind === 'sparsity' || kind === 'pattern';
  return [
    { label: 'Kind', text: kind },
    { label: 'Removed', text: removed.join(', ') },
    { label: 'Score', text: kind === 'depth' ? '' : textOf(options, isSparse ? 'sparsityScore' : 'score') },
    { label: 'How', text: howTexts(options).join(', ') },
    { label: 'Excluded', text: listTextOf(options, 'exclude') },
    { label: 'Kept', text: keptText(inside(inside(made, 'kept'), 'parameters')) },
    { label: 'Good for', text: textOf(made, 'label') },
  ];
}

function howTexts(options: unknown): readonly string[] {
  const steps = inside(options, 'steps');
  const epochs = inside(options, 'distillEpochs');
  return [
    ...(inside(options, 'global') === true ? ['from all groups together'] : []),
    ...(inside(options, 'reconstruct') === false ? ['nothing refitted'] : []),
    ...(typeof steps === 'number' && steps > 1 ? [`${steps} rounds`] : []),
    ...(typeof epochs === 'number' ? [`distilled for ${count(epochs, 'epoch')}`] : []),
  ];
}

function keptText(share: unknown): string {
  return typeof share === 'number' ? `${formatPercent(share)} of the parameters` : '';
}
