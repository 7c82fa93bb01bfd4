import type { z } from 'zod';
import type { PriceFields } from './price-fields.ts';
import type { PriceRow } from './price-row.ts';
import { malformedRow } from './price-row.ts';

/**
 * The fields of a row as its schema has them.
 * @throws DataError `cost-prices-malformed` that names the first field at fault
 */
export function parseRow<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  fields: PriceFields,
  row: PriceRow,
): z.output<z.ZodObject<Shape>> {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  if (unknown !== undefined)
    throw malformedRow(row, `there is no field '${unknown}'`, { name: unknown, known: Object.keys(schema.shape) });
  const field = String(issue?.path[0] ?? '');
  if (!Object.hasOwn(fields, field)) throw malformedRow(row, `${field} is missing; give it`);
  throw malformedRow(row, `${field} is ${valueText(fields[field])}, and ${wanted(issue)}`);
}

function wanted(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'too_small')
    return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
  if (issue?.code === 'too_big') return `must be at most ${issue.maximum}`;
  return (issue?.message ?? '').replace(/^Invalid (?:input|option|string): /, '').replace(/^expected/, 'must be');
}

/** JSON has no infinity. */
function valueText(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
