import type { BenchResult, Point } from '../bench/bench-result.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatNumber, formatPercent } from './units.ts';

type Tokens = NonNullable<Point['tokens']>;
type Sample = NonNullable<Tokens['sample']>;

/** Longest text that is shown of a sample; the rest is in the result file. */
const longestText = 400;

/** What is to be known of text that models wrote: whether the cache is right, how large it is, and the text itself. */
export function languageFacts(
  { models }: BenchResult,
  rows: readonly LabeledPoint[],
  factors: Factors,
): readonly Fact[] {
  const written = rows.filter(({ point }) => point.tokens !== undefined);
  if (written.length === 0) return [];
  return [
    { label: 'Text', text: lengthText(written.flatMap(({ point }) => point.tokens ?? [])) },
    ...checkFacts(written, models.length > 1),
    ...distinct(written.flatMap((row) => cacheFacts(row, models.length > 1))),
    ...deviceFacts(written),
    ...outsideFacts(written, factors),
    ...distinct(written.flatMap((row) => sampleFacts(row, factors))),
  ];
}

function lengthText(tokens: readonly Tokens[]): string {
  const forced = tokens.every(({ isForced }) => isForced !== false);
  const how = forced ? 'of forced length' : 'until a stop token';
  return `greedy, ${how}; infer bench --lm off measures single runs; what the figures mean: --explain`;
}

/** A line a model and provider, of the batch that is furthest off. */
function checkFacts(rows: readonly LabeledPoint[], isOfSeveral: boolean): readonly Fact[] {
  const checked = rows.filter(({ point }) => typeof point.tokens?.matchesUncached === 'boolean');
  return grouped(checked, ({ label, point }) => `${isOfSeveral ? `${label} ` : ''}on ${point.ep}`).map(
    ({ key, members }) => {
      const tokens = members.flatMap(({ point }) => point.tokens ?? []);
      return { label: 'Cache', text: `${key} ${checkText(tokens)}` };
    },
  );
}

function checkText(tokens: readonly Tokens[]): string {
  const largest = Math.max(...tokens.map(({ uncachedDifference }) => uncachedDifference?.maxAbs ?? Infinity));
  const amount = Number.isFinite(largest) ? `, by up to ${formatNumber(largest)}` : '';
  return tokens.every(({ matchesUncached }) => matchesUncached)
    ? `the first logits with it are those without it, within ${formatNumber(largest)}`
    : `the first logits with it are not those without it${amount}`;
}

function cacheFacts({ label, point }: LabeledPoint, isOfSeveral: boolean): readonly Fact[] {
  const { kvBytesPerToken = null, contextLimit = null } = point.tokens ?? {};
  const room = contextLimit === null ? '' : `, positions for ${count(contextLimit, 'token')}`;
  const growth =
    kvBytesPerToken === null
      ? 'none: each token runs the whole text'
      : `${formatBytes(kvBytesPerToken)} a token of a sequence`;
  return [{ label: 'Cache', text: `${isOfSeveral ? `${label}: ` : ''}${growth}${room}` }];
}

/** Outputs come back to the CPU's memory on every provider: of those with a memory of their own that is part of the times. */
function deviceFacts(rows: readonly LabeledPoint[]): readonly Fact[] {
  const cached = rows.filter(({ point }) => typeof point.tokens?.kvBytesPerToken === 'number');
  const devices = [...new Set(cached.map(({ point }) => point.ep).filter((ep) => ep !== 'cpu'))];
  return devices.map((ep) => ({
    label: 'Cache',
    text: `on ${ep} it goes through the memory of the CPU at every token, which the times include`,
  }));
}

/** Of the point with the largest share: what is not the model's is best seen where the model is quickest. */
function outsideFacts(rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const shares = rows.flatMap((row) => {
    const { outsideShare, copyShare = null } = row.point.tokens ?? {};
    return outsideShare === undefined ? [] : [{ row, outsideShare, copyShare }];
  });
  const [most] = shares.toSorted((a, b) => total(b) - total(a));
  if (most === undefined) return [];
  const where = factors.varying.length === 0 ? '' : `, at ${pointName(most.row, factors)}, where it is most`;
  const { outsideShare, copyShare } = most;
  const copies =
    copyShare === null
      ? ''
      : `, and at least ${formatPercent(copyShare)} of the time between tokens copies the cache out of the runtime`;
  return [
    { label: 'Outside', text: `${formatPercent(outsideShare)} of the time chooses and feeds tokens${copies}${where}` },
  ];
}

function total({
  outsideShare,
  copyShare,
}: {
  readonly outsideShare: number;
  readonly copyShare: number | null;
}): number {
  return outsideShare + (copyShare ?? 0);
}

function sampleFacts(row: LabeledPoint, factors: Factors): readonly Fact[] {
  const sample = row.point.tokens?.sample;
  if (sample === undefined) return [];
  const name = factors.varying.length === 0 ? '' : pointName(row, factors);
  return [{ label: 'Wrote', text: `${name === '' ? '' : `${name}: `}${sampleText(sample)}${doubt(sample)}` }];
}

function sampleText({ prompt, generated, promptText, text }: Sample): string {
  if (promptText === undefined || text === undefined)
    return `[${short(prompt.join(' '))}] ${short(generated.join(' '))}`;
  return `${short(JSON.stringify(promptText))} ${short(JSON.stringify(text))}`;
}

function short(text: string): string {
  return shortName(text, longestText);
}

function doubt({ matchesUncached }: Sample): string {
  if (matchesUncached === null) return '';
  return matchesUncached ? ' (the same without the cache)' : ' (another text without the cache)';
}

function distinct(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((fact) => [`${fact.label} ${fact.text}`, fact])).values()];
}
