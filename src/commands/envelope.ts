import type { BenchResult } from '../bench/bench-result.ts';
import { schemaVersion } from '../result/envelope.ts';

/** What a result says of its making, beside the environment. */
export type Envelope = Pick<BenchResult, 'schemaVersion' | 'tool' | 'createdAt' | 'command'>;

export interface Making {
  readonly version: string;
  readonly argv: readonly string[];
  readonly now: Date;
}

/** The fields every result starts with. */
export function envelopeOf({ version, argv, now }: Making): Envelope {
  return { schemaVersion, tool: { name: 'infer', version }, createdAt: now.toISOString(), command: [...argv] };
}
