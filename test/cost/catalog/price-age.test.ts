import { expect, it } from 'vitest';
import { priceAge } from '../../../src/cost/catalog/price-age.ts';

const now = new Date('2026-10-01T12:00:00Z');

it.each<[readonly (string | null)[], ReturnType<typeof priceAge>]>([
  [[], { oldest: null, undated: 0, daysOld: null }],
  [[null, null], { oldest: null, undated: 2, daysOld: null }],
  [['2026-07-20', null, '2026-06-23'], { oldest: '2026-06-23', undated: 1, daysOld: 100 }],
  [['2026-10-01'], { oldest: '2026-10-01', undated: 0, daysOld: 0 }],
  // Tomorrow's price list is not a day younger than today's.
  [['2026-12-24'], { oldest: '2026-12-24', undated: 0, daysOld: 0 }],
  // Of a year its end counts: it is not older than that.
  [['2025', '2026-01-02'], { oldest: '2025', undated: 0, daysOld: 274 }],
  [['2026', '2026-01-02'], { oldest: '2026-01-02', undated: 0, daysOld: 272 }],
])('the age of %o', (dates, age) => expect(priceAge(dates, now)).toEqual(age));
