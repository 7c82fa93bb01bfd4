import type { FigureUnit } from './estimate-text.ts';

/** Metrics that are shares of samples, which are read in percent; their differences are points. */
const shares = /^(accuracy|top\d+|macro-f1|exact-match|argmax-agreement)$/;

export function unitOf(metric: string): FigureUnit {
  return shares.test(metric) ? 'percent' : 'plain';
}

export function differenceUnitOf(metric: string): FigureUnit {
  return shares.test(metric) ? 'points' : 'plain';
}
