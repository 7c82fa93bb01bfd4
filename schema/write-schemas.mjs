// Writes the published JSON Schemas from the zod definitions that read the files back: `npm run schema`.
import { writeFileSync } from 'node:fs';
import { configJsonSchema } from '../dist/cli/config-schema.js';
import { resultJsonSchemas } from '../dist/result/json-schemas.js';

for (const [kind, schema] of Object.entries({ config: configJsonSchema(), ...resultJsonSchemas() }))
  writeFileSync(new URL(`${kind}.schema.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
