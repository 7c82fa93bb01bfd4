/** Days after which prices are told to be old. */
export const oldPriceDays = 90;

export interface PriceAge {
  /** The oldest date there is: a day, or a year where no more is told. */
  readonly oldest: string | null;
  /** How many have no date. */
  readonly undated: number;
  /** Days from the oldest date to now; of a year from its end on. */
  readonly daysOld: number | null;
}

/** How old the oldest of some prices is; a date in the future is 0 days old. */
export function priceAge(dates: readonly (string | null)[], now: Date): PriceAge {
  const dated = dates.filter((date) => date !== null);
  const [oldest] = dated.toSorted((a, b) => lastMoment(a) - lastMoment(b));
  return {
    oldest: oldest ?? null,
    undated: dates.length - dated.length,
    daysOld: oldest === undefined ? null : Math.max(0, Math.floor((now.getTime() - lastMoment(oldest)) / msPerDay)),
  };
}

const msPerDay = 86_400_000;

/** In ms since 1970: the beginning of a day, and that of a year's last one. */
function lastMoment(date: string): number {
  return Date.parse(date.length === 4 ? `${date}-12-31` : date);
}
