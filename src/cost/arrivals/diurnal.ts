import { UsageError } from '../../errors.ts';

/** Load of each hour of the day over the mean. */
export type Profile = readonly number[];

/**
 * Days as they are drawn, by hand and not from a measurement, in any unit: what is used at work, with a dip at noon, and
 * what is used at leisure, with its peak in the evening.
 */
const shapes = {
  office: [6, 5, 5, 5, 6, 8, 16, 40, 80, 100, 100, 95, 75, 90, 100, 98, 88, 62, 36, 24, 18, 14, 10, 8],
  consumer: [34, 22, 15, 11, 10, 13, 22, 36, 46, 52, 56, 60, 66, 66, 63, 62, 66, 72, 82, 94, 100, 97, 80, 56],
  flat: Array.from({ length: 24 }, () => 1),
} as const;

export const profileNames = ['office', 'consumer', 'flat'] as const;

/** A profile by name, or 24 numbers in any unit, one an hour. */
export type ProfileDescription = { readonly name: string } | { readonly hours: readonly number[] };

/**
 * @returns null for an even load
 * @throws UsageError for a name that there is not
 */
export function profileOf(description: ProfileDescription): Profile | null {
  const hours = 'hours' in description ? description.hours : shapeOf(description.name);
  const mean = hours.reduce((sum, load) => sum + load, 0) / hours.length;
  return hours.every((load) => load === hours[0]) ? null : hours.map((load) => load / mean);
}

function shapeOf(value: string): readonly number[] {
  const name = profileNames.find((name) => name === value);
  if (name === undefined) throw new UsageError('unknown-name', { what: '--profile', value, known: profileNames });
  return shapes[name];
}
