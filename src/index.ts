/** The public API of `infer`: what its own command line is made of. */
export type { BenchEvent } from './bench/bench-event.ts';
export type { BenchResult, Point, Round } from './bench/bench-result.ts';
export type { BenchContext, BenchRequest } from './commands/bench.ts';
export { bench, benchMissedGoal } from './commands/bench.ts';
export { createRuntime } from './commands/create-runtime.ts';
export { runDoctor } from './commands/doctor.ts';
export type { Envelope } from './commands/envelope.ts';
export { envelopeOf } from './commands/envelope.ts';
export type { DoctorResult } from './doctor/doctor-result.ts';
export { DataError, InferError, ModelError, RuntimeError, UsageError } from './errors.ts';
export type { Finding } from './errors.ts';
export { describeError, describeFinding } from './report/messages/message.ts';
export { formatsOf, report } from './report/reporters.ts';
export { parseResult } from './result/read-result.ts';
export type { Runtime, Session } from './runtime/runtime.ts';
