import type { Roofs } from '../profile-result.ts';

/** Rates that are measured together. */
export const rateNames = ['gflopPerSecond', 'gbPerSecond', 'int8GopPerSecond', 'float16GflopPerSecond'] as const;

/** What was measured, and whether it may be too low. */
export type MeasuredRoofs = Pick<Roofs, (typeof rateNames)[number]> & { readonly disturbed: boolean };
