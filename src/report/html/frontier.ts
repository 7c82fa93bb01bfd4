/** Whether less or more of a measure is better. */
export type Better = 'less' | 'more';

interface Measures {
  readonly x: number;
  readonly y: number;
}

/** For each point whether no other one is at least as good in both measures, and better in one. */
export function onFrontier(points: readonly Measures[], x: Better, y: Better): readonly boolean[] {
  const signX = x === 'less' ? 1 : -1;
  const signY = y === 'less' ? 1 : -1;
  const cost = points.map((point) => ({ x: point.x * signX, y: point.y * signY }));
  return cost.map(
    (own) => !cost.some((other) => other.x <= own.x && other.y <= own.y && (other.x < own.x || other.y < own.y)),
  );
}
