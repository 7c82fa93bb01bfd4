import type { CatalogFlag } from '../../cost/vocabulary.ts';
import type { Fact } from '../fact.ts';

interface FlagText {
  /** What stands beside a figure. */
  readonly mark: string;
  readonly text: string;
}

/** What makes a figure of the catalog doubtful, as a mark beside it and as a legend below. */
const flagTexts: Readonly<Record<CatalogFlag, FlagText>> = {
  undated: { mark: 'u', text: 'undated: its source tells no date' },
  'from-memory': { mark: 'm', text: 'from general knowledge, not looked up' },
  estimate: { mark: 'e', text: 'an estimate, or taken from a sibling' },
  'spot-low-confidence': {
    mark: 'c',
    text: 'spot: savings of one year on the price of another, with a price cut between',
  },
  'spot-outlier': { mark: 'o', text: 'spot: far outside what others of its kind cost' },
  'spot-older': { mark: 'a', text: 'spot: of an older list than the on-demand price' },
  'spot-disputed': { mark: 'd', text: 'spot: two sources differ' },
  summed: { mark: 's', text: 'added up from the rows of a machine and its accelerators' },
  'usable-memory': { mark: 'g', text: 'accelerator memory as usable, where others tell the nominal one' },
  user: { mark: 'y', text: 'yours: added or changed by you' },
};

/** `us`: the marks of a row. */
export function flagMarks(flags: readonly CatalogFlag[]): string {
  return flags.map((flag) => flagTexts[flag].mark).join('');
}

/** What the marks stand for, of those that occur. */
export function flagLegend(flags: readonly CatalogFlag[]): readonly Fact[] {
  const known = new Set(flags);
  const entries = Object.entries(flagTexts).filter(([flag]) => [...known].some((own) => own === flag));
  if (entries.length === 0) return [];
  return [{ label: 'Marks', text: entries.map(([, { mark, text }]) => `${mark} ${text}`).join('; ') }];
}
