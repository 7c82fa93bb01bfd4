import { z } from 'zod';
import { benchResultSchema } from '../bench/bench-result.ts';
import { doctorResultSchema } from '../doctor/doctor-result.ts';
import { inspectResultSchema } from '../inspect/inspect-result.ts';
import { optimizeResultSchema } from '../optimize/optimize-result.ts';

/** JSON Schema (2020-12) of every saved kind of result, from the definitions that read the files back. */
export function resultJsonSchemas(): Readonly<Record<'bench' | 'doctor' | 'inspect' | 'optimize', object>> {
  return {
    bench: jsonSchemaOf(benchResultSchema, 'bench'),
    doctor: jsonSchemaOf(doctorResultSchema, 'doctor'),
    inspect: jsonSchemaOf(inspectResultSchema, 'inspect'),
    optimize: jsonSchemaOf(optimizeResultSchema, 'optimize'),
  };
}

/** As input: fields that a newer minor version adds are allowed, as they are when a file is read. */
function jsonSchemaOf(schema: z.ZodType, kind: string): object {
  return { ...z.toJSONSchema(schema, { io: 'input' }), title: `infer ${kind} result` };
}
