import { z } from 'zod';
import { benchResultSchema } from '../bench/bench-result.ts';
import { pricesResultSchema } from '../cost/catalog/prices-result.ts';
import { costResultSchema } from '../cost/cost-result.ts';
import { distillResultSchema } from '../distill/distill-result.ts';
import { doctorResultSchema } from '../doctor/doctor-result.ts';
import { evaluateResultSchema } from '../evaluate/evaluate-result.ts';
import { gateCalibrationResultSchema } from '../gate/gate-calibration-result.ts';
import { gateResultSchema } from '../gate/gate-result.ts';
import { inspectResultSchema } from '../inspect/inspect-result.ts';
import { optimizeResultSchema } from '../optimize/optimize-result.ts';
import { profileResultSchema } from '../profile/profile-result.ts';
import { pruneResultSchema } from '../prune/prune-result.ts';
import { quantizeResultSchema } from '../quantize/quantize-result.ts';
import type { SavedResult } from './read-result.ts';

/** JSON Schema (2020-12) of every saved kind of result, from the definitions that read the files back. */
export function resultJsonSchemas(): Readonly<Record<SavedResult['kind'], object>> {
  return {
    bench: jsonSchemaOf(benchResultSchema, 'bench'),
    cost: jsonSchemaOf(costResultSchema, 'cost'),
    distill: jsonSchemaOf(distillResultSchema, 'distill'),
    doctor: jsonSchemaOf(doctorResultSchema, 'doctor'),
    evaluate: jsonSchemaOf(evaluateResultSchema, 'evaluate'),
    gate: jsonSchemaOf(gateResultSchema, 'gate'),
    'gate-calibration': jsonSchemaOf(gateCalibrationResultSchema, 'gate-calibration'),
    inspect: jsonSchemaOf(inspectResultSchema, 'inspect'),
    optimize: jsonSchemaOf(optimizeResultSchema, 'optimize'),
    prices: jsonSchemaOf(pricesResultSchema, 'prices'),
    profile: jsonSchemaOf(profileResultSchema, 'profile'),
    prune: jsonSchemaOf(pruneResultSchema, 'prune'),
    quantize: jsonSchemaOf(quantizeResultSchema, 'quantize'),
  };
}

/** As input: fields that a newer minor version adds are allowed, as they are when a file is read. */
function jsonSchemaOf(schema: z.ZodType, kind: string): object {
  return { ...z.toJSONSchema(schema, { io: 'input' }), title: `infer ${kind} result` };
}
