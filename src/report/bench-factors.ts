import type { Point } from '../bench/bench-result.ts';
import type { Column } from './grid.ts';
import { count } from './units.ts';

/** A point and the short name of its model. */
export interface LabeledPoint {
  readonly label: string;
  readonly point: Point;
}

/** One of the things a sweep varies. */
interface Factor {
  readonly header: string;
  readonly align: 'left' | 'right';
  /** Cell under the header. */
  cell(row: LabeledPoint): string;
  /** The same in running text; empty where it goes without saying. */
  phrase(row: LabeledPoint): string;
}

/** What varies between points becomes columns; what does not is said once. */
export interface Factors {
  readonly varying: readonly Factor[];
  readonly fixed: readonly Factor[];
}

const none = '–';

export function splitFactors(rows: readonly LabeledPoint[]): Factors {
  const varies = (factor: Factor): boolean => new Set(rows.map((row) => factor.cell(row))).size > 1;
  const dimensions = splitDimensions(rows);
  return {
    varying: [...plainFactors.filter(varies), ...dimensions.varying],
    fixed: [...plainFactors.filter((factor) => !varies(factor)), ...dimensions.fixed],
  };
}

/** Names a point among the others by what varies, or by everything when it is the only one. */
export function pointName(row: LabeledPoint, factors: Factors): string {
  const named = factors.varying.length > 0 ? factors.varying : factors.fixed;
  return joinPhrases(named.map((factor) => factor.phrase(row)));
}

/** What all points share, for the heading. */
export function sharedName(rows: readonly LabeledPoint[], factors: Factors): string {
  const anyPhrase = (factor: Factor): string => rows.map((row) => factor.phrase(row)).find((text) => text !== '') ?? '';
  return joinPhrases(factors.fixed.map(anyPhrase));
}

/** Identifies a point by what was asked for, to find the same one in another result. */
export function pointKey(row: LabeledPoint): string {
  const { ep, batch, threads, instances, requestedDims } = row.point;
  return JSON.stringify([row.label, ep, batch, threads, instances, sortedDims(requestedDims)]);
}

export function sortedDims(dims: Point['dims']): readonly (readonly [string, number])[] {
  return Object.entries(dims).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function factorColumns(rows: readonly LabeledPoint[], factors: Factors): readonly Column[] {
  return factors.varying.map((factor) => ({
    header: [factor.header],
    align: factor.align,
    cells: rows.map((row) => ({ text: factor.cell(row) })),
    dropOrder: 0,
  }));
}

const plainFactors: readonly Factor[] = [
  { header: 'model', align: 'left', cell: (row) => row.label, phrase: (row) => row.label },
  { header: 'ep', align: 'left', cell: ({ point }) => point.ep, phrase: ({ point }) => point.ep },
  {
    header: 'batch',
    align: 'right',
    cell: ({ point }) => (point.batch === null ? none : String(point.batch)),
    phrase: ({ point }) => (point.batch === null ? '' : `batch ${point.batch}`),
  },
  {
    header: 'threads',
    align: 'right',
    cell: ({ point }) => String(point.threads),
    phrase: ({ point }) => count(point.threads, 'thread'),
  },
  {
    header: 'instances',
    align: 'right',
    cell: ({ point }) => String(point.instances),
    phrase: ({ point }) => count(point.instances, 'instance'),
  },
];

/**
 * A column a dimension that the sweep asked for, or one for all of them when many vary.
 * Others are read off the data, guessed, or the batch once more: they are named only where all points share them.
 */
function splitDimensions(rows: readonly LabeledPoint[]): Factors {
  const sizes = (name: string): number => new Set(rows.flatMap(({ point }) => sizeOf(point, name) ?? [])).size;
  const shared = (name: string): boolean =>
    sizes(name) === 1 && rows.every(({ point }) => point.status !== 'ok' || sizeOf(point, name) !== undefined);
  const requested = new Set(rows.flatMap(({ point }) => Object.keys(point.requestedDims)));
  const names = [...new Set([...requested, ...rows.flatMap(({ point }) => Object.keys(point.dims))])];
  const varying = names.filter((name) => requested.has(name) && !shared(name));
  return {
    varying: varying.length > 2 ? [allDimensions(varying)] : varying.map(dimensionFactor),
    fixed: names.filter(shared).map(dimensionFactor),
  };
}

/** Dimensions of a sweep over written text, as they are called. */
const dimensionLabels: Readonly<Record<string, string>> = { prompt_tokens: 'prompt', new_tokens: 'new' };

function dimensionFactor(name: string): Factor {
  return {
    header: dimensionLabels[name] ?? name,
    align: 'right',
    cell: ({ point }) => String(sizeOf(point, name) ?? none),
    phrase: ({ point }) => dimensionPhrase(point, name),
  };
}

function allDimensions(names: readonly string[]): Factor {
  const phrase = ({ point }: LabeledPoint): string =>
    names
      .map((name) => dimensionPhrase(point, name))
      .filter((text) => text !== '')
      .join(' ');
  return { header: 'dims', align: 'left', cell: (row) => phrase(row) || none, phrase };
}

function dimensionPhrase(point: Point, name: string): string {
  const size = sizeOf(point, name);
  if (size === undefined) return '';
  const label = dimensionLabels[name];
  return label === undefined ? `${name}=${size}` : `${label} ${size}`;
}

/** A point that was skipped knows only what was asked for. */
function sizeOf(point: Point, name: string): number | undefined {
  return point.dims[name] ?? point.requestedDims[name];
}

function joinPhrases(phrases: readonly string[]): string {
  return phrases.filter((phrase) => phrase !== '').join(', ');
}
