import { z } from 'zod';
import { envelopeShape, findingSchema } from '../result/envelope.ts';

const providerStatusSchema = z.discriminatedUnion('usable', [
  z.object({
    name: z.string(),
    usable: z.literal(true),
    version: z.string().nullable(),
    device: z.string().nullable(),
  }),
  z.object({ name: z.string(), usable: z.literal(false), reason: z.string(), cure: z.string() }),
]);

/** What else ran on the machine while it was looked at; null where the system does not tell. */
const doctorNoiseSchema = z.object({
  /** Mean runnable tasks of the whole machine over the minute before. */
  loadAverage: z.number().nullable(),
  /** Share of the 10 s before in which some task waited for a processor. */
  pressureShare: z.number().nullable(),
  /** Share of all processor time that the hypervisor took during the window. */
  stealShare: z.number().nullable(),
  /** Periods in which the container's quota stopped us during the window. */
  throttledPeriods: z.number().nullable(),
  /** How long the probes of the providers took. */
  windowMs: z.number(),
});
export type DoctorNoise = z.infer<typeof doctorNoiseSchema>;

export const doctorResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('doctor'),
  /** The CPU provider works, so models can be run. */
  usable: z.boolean(),
  providers: z.array(providerStatusSchema),
  noise: doctorNoiseSchema,
  findings: z.array(findingSchema),
});
export type DoctorResult = z.infer<typeof doctorResultSchema>;
