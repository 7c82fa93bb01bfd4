import { z } from 'zod';
import type { ChannelStatistics, ValueStatistics } from '../../compute/calibration/statistics.ts';
import { binCount } from '../../compute/calibration/statistics.ts';
import { edgeOf } from './range-method.ts';
import { packCounts, packDoubles, unpackCounts, unpackDoubles } from './packed-numbers.ts';

/** The format this version writes, and the newest it reads. */
const calibrationVersion = 1;

const channelsSchema = z.object({
  axis: z.number().int(),
  means: z.string(),
  absMax: z.string(),
  absMeans: z.string(),
});

const valueSchema = z.object({
  elements: z.number(),
  runs: z.number().int(),
  min: z.number(),
  max: z.number(),
  averageMin: z.number(),
  averageMax: z.number(),
  /** For people: from the histogram, and not read back. */
  mean: z.number(),
  histogram: z.object({
    low: z.number(),
    high: z.number(),
    /** 2048 whole numbers, see `packCounts`. */
    counts: z.string(),
  }),
  /** Float64 numbers, see `packDoubles`. */
  channels: channelsSchema.nullable(),
});
type StoredValue = z.infer<typeof valueSchema>;

const headShape = {
  tool: z.object({ name: z.string(), version: z.string() }),
  model: z.object({ sha256: z.string() }),
  /** Which samples were run. */
  data: z.object({ path: z.string(), hash: z.string(), samples: z.number().int(), seed: z.number() }),
};

/** The JSON file that keeps what calibration found, so that the next try needs no runs. */
const calibrationCacheSchema = z.object({
  schemaVersion: z.number().int(),
  kind: z.literal('calibration'),
  ...headShape,
  values: z.record(z.string(), valueSchema),
});

const headSchema = z.object(headShape);

/** What was calibrated, with what. */
export interface CalibrationCache extends z.infer<typeof headSchema> {
  readonly values: ReadonlyMap<string, ValueStatistics>;
}

export type CacheReading =
  | { readonly state: 'read'; readonly cache: CalibrationCache }
  | { readonly state: 'malformed'; readonly problem: string }
  | { readonly state: 'too-new'; readonly found: number; readonly supported: number }
  | { readonly state: 'other-model'; readonly found: string; readonly expected: string };

/** The text of a cache file. */
export function writeCalibrationCache({ tool, model, data, values }: CalibrationCache): string {
  const stored = Object.fromEntries([...values].map(([name, stats]) => [name, storedValue(stats)]));
  const file = { schemaVersion: calibrationVersion, kind: 'calibration', tool, model, data, values: stored };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads a cache file of the model with this digest. What is wrong with it comes back as a value. */
export function readCalibrationCache(text: string, { sha256 }: { readonly sha256: string }): CacheReading {
  const json = parsed(text);
  const head = z.object({ schemaVersion: z.number(), kind: z.literal('calibration') }).safeParse(json);
  if (!head.success) return { state: 'malformed', problem: problemOf(head.error) };
  if (head.data.schemaVersion > calibrationVersion)
    return { state: 'too-new', found: head.data.schemaVersion, supported: calibrationVersion };
  const file = calibrationCacheSchema.safeParse(json);
  if (!file.success) return { state: 'malformed', problem: problemOf(file.error) };
  const { tool, model, data } = file.data;
  if (model.sha256 !== sha256) return { state: 'other-model', found: model.sha256, expected: sha256 };
  const values = new Map<string, ValueStatistics>();
  for (const [name, stored] of Object.entries(file.data.values)) {
    const stats = valueOf(stored);
    if (stats === null) return { state: 'malformed', problem: `the numbers of '${name}' do not fit together` };
    values.set(name, stats);
  }
  return { state: 'read', cache: { tool, model, data, values } };
}

function storedValue({ histogram, channels, ...numbers }: ValueStatistics): StoredValue {
  const { low, high, counts } = histogram;
  return {
    ...numbers,
    mean: meanOf(histogram),
    histogram: { low, high, counts: packCounts(counts) },
    channels: channels && {
      axis: channels.axis,
      means: packDoubles(channels.means),
      absMax: packDoubles(channels.absMax),
      absMeans: packDoubles(channels.absMeans),
    },
  };
}

/** To half a bin. */
function meanOf(histogram: ValueStatistics['histogram']): number {
  let sum = 0;
  let elements = 0;
  for (const [bin, count] of histogram.counts.entries()) {
    sum += (count * (edgeOf(histogram, bin) + edgeOf(histogram, bin + 1))) / 2;
    elements += count;
  }
  return elements === 0 ? 0 : sum / elements;
}

function valueOf({ histogram, channels, ...stored }: StoredValue): ValueStatistics | null {
  const { elements, runs, min, max, averageMin, averageMax } = stored;
  const numbers = { elements, runs, min, max, averageMin, averageMax };
  const counts = unpackCounts(histogram.counts, binCount);
  const isWhole = counts?.reduce((sum, count) => sum + count, 0) === numbers.elements;
  if (counts === null || !isWhole || !isSoundRange(numbers, histogram)) return null;
  const read = channels && channelsOf(channels);
  if (channels !== null && read === null) return null;
  return { ...numbers, histogram: { low: histogram.low, high: histogram.high, counts }, channels: read };
}

function isSoundRange(
  { min, max }: Pick<StoredValue, 'min' | 'max'>,
  { low, high }: Pick<StoredValue['histogram'], 'low' | 'high'>,
): boolean {
  return min <= max && low === Math.min(min, 0) && high === Math.max(max, 0);
}

function channelsOf({ axis, ...texts }: z.infer<typeof channelsSchema>): ChannelStatistics | null {
  const means = unpackDoubles(texts.means);
  const absMax = unpackDoubles(texts.absMax);
  const absMeans = unpackDoubles(texts.absMeans);
  if (means === null || absMax?.length !== means.length || absMeans?.length !== means.length) return null;
  return { axis, means, absMax, absMeans };
}

function parsed(text: string): unknown {
  try {
    // Editors on Windows may put a byte order mark first, which JSON does not allow.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'it is no calibration cache';
  return `${issue.path.length === 0 ? 'the file' : `'${issue.path.join('.')}'`}: ${issue.message}`;
}
