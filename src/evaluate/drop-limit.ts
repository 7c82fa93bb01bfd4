import { UsageError } from '../errors.ts';

/**
 * How far a metric may drop: `points` on a scale of 100 where the metric is a share (0.5 points of accuracy are 0.005)
 * and in its own unit where it is not (perplexity, squared error); `absolute` in the metric's own unit; `relative` as a
 * share of the reference's metric.
 */
export interface DropLimit {
  readonly kind: 'points' | 'absolute' | 'relative';
  readonly value: number;
}

/**
 * Reads `0.5pt` (points), `1%` (relative to the reference) or `0.01` (absolute).
 * @throws UsageError `bad-value`
 */
export function parseDropLimit(text: string, flag = '--max-drop'): DropLimit {
  const match = /^(\d+\.?\d*|\.\d+)(e-?\d+)?\s*(pt|pts|%)?$/i.exec(text.trim());
  const value = Number.parseFloat(text);
  if (match === null || !Number.isFinite(value)) {
    throw new UsageError('bad-value', {
      flag,
      value: text,
      expected: 'points (0.5pt), a share of the reference (1%) or a number (0.01)',
    });
  }
  const [, , , unit] = match;
  if (unit === '%') return { kind: 'relative', value: value / 100 };
  return { kind: unit === undefined ? 'absolute' : 'points', value };
}

/** The limit in the unit of the drop it is compared with: of a share, a point is a hundredth. */
export function thresholdOf({ kind, value }: DropLimit, isShare: boolean): number {
  return kind === 'points' && isShare ? value / 100 : value;
}
