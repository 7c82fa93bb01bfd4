/** Share of machines that are taken back within a month. */
export interface Interruption {
  readonly low: number;
  /** 1 for a band without an upper end. */
  readonly high: number;
}

/** `<5%`, `5-10%` or `>20%`, as advisors write it; null for what is no such band. */
export function readBand(text: string): Interruption | null {
  const [, below, from, to, above] = /^(?:<(\d+)%|(\d+)-(\d+)%|>(\d+)%)$/.exec(text.replaceAll(/\s/g, '')) ?? [];
  if (below !== undefined) return band(0, Number(below));
  if (above !== undefined) return band(Number(above), 100);
  return from === undefined || to === undefined ? null : band(Number(from), Number(to));
}

/** In percent; from low to high and at most everything. */
function band(low: number, high: number): Interruption | null {
  return low <= high && high <= 100 ? { low: low / 100, high: high / 100 } : null;
}
