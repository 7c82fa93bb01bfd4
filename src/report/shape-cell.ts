import { shortName } from './short-name.ts';

const longestName = 24;
const mostAxes = 8;

/** `[batch, 3, ?, 224]`; `scalar` without axes, `any shape` where not even their number is known. */
export function shapeCell(shape: readonly (number | string | null)[] | null): string {
  if (shape === null) return 'any shape';
  if (shape.length === 0) return 'scalar';
  const axes = shape.slice(0, mostAxes).map(axisText);
  return `[${[...axes, ...(shape.length > mostAxes ? ['…'] : [])].join(', ')}]`;
}

function axisText(axis: number | string | null): string {
  return axis === null || axis === '' ? '?' : typeof axis === 'number' ? String(axis) : shortName(axis, longestName);
}
