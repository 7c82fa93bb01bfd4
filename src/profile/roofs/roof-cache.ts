import { z } from 'zod';
import { roofsSchema } from '../profile-result.ts';
import { precisions } from './precision.ts';

const cacheVersion = 1;

/** Firmware, drivers and neighbors change a machine without changing its fingerprint. */
const longestDays = 30;

/** Measured on a busy machine: good for the next few looks, not for the month. */
const longestDisturbedDays = 1 / 24;

const mostEntries = 100;

const entrySchema = z.object({
  fingerprint: z.string(),
  provider: z.string(),
  threads: z.number().int(),
  /** What was asked for, beside float32; not all of it need run. */
  precisions: z.array(z.enum(precisions)),
  roofs: roofsSchema,
});
export type RoofEntry = z.infer<typeof entrySchema>;

const cacheSchema = z.object({
  schemaVersion: z.literal(cacheVersion),
  kind: z.literal('roofs'),
  entries: z.array(entrySchema),
});

/** Which roofs are wanted. */
export type RoofKey = Omit<RoofEntry, 'roofs'>;

/** What is kept for such a machine, however old; null where the text holds nothing. */
export function findEntry(text: string | null, wanted: RoofKey): RoofEntry | null {
  return entriesOf(text).find((each) => isSame(each, wanted)) ?? null;
}

/** Whether an entry may stand for a measurement now (`at`, ISO 8601), with all types that are asked for. */
export function isFresh(entry: RoofEntry, wanted: Pick<RoofKey, 'precisions'> & { readonly at: string }): boolean {
  const ageDays = (Date.parse(wanted.at) - Date.parse(entry.roofs.measuredAt)) / 86_400_000;
  const longest = entry.roofs.disturbed === true ? longestDisturbedDays : longestDays;
  const hasAll = wanted.precisions.every((type) => type === 'float32' || entry.precisions.includes(type));
  return hasAll && ageDays >= 0 && ageDays <= longest;
}

/** The text with one entry more, or another in its place; the oldest go when there are too many. */
export function withRoofs(text: string | null, entry: RoofEntry): string {
  const others = entriesOf(text).filter((each) => !isSame(each, entry));
  const entries = [...others, entry].slice(-mostEntries);
  return `${JSON.stringify({ schemaVersion: cacheVersion, kind: 'roofs', entries }, null, 2)}\n`;
}

/** A cache that cannot be read is an empty one: what it held can be measured again. */
function entriesOf(text: string | null): readonly RoofEntry[] {
  if (text === null) return [];
  try {
    return cacheSchema.parse(JSON.parse(text)).entries;
  } catch {
    return [];
  }
}

function isSame(a: RoofKey, b: RoofKey): boolean {
  return a.fingerprint === b.fingerprint && a.provider === b.provider && a.threads === b.threads;
}
