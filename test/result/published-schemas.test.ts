import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../src/cli/config-schema.ts';
import { resultJsonSchemas } from '../../src/result/json-schemas.ts';

const schemas = Object.entries({ config: configJsonSchema(), ...resultJsonSchemas() });

it.each(schemas)('schema/%s.schema.json is what `npm run schema` writes', (kind, schema) => {
  const published = readFileSync(new URL(`../../schema/${kind}.schema.json`, import.meta.url), 'utf8');
  expect(published).toBe(`${JSON.stringify(schema, null, 2)}\n`);
});
