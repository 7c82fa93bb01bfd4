import type { GenerationSession } from '../../runtime/generation/generation.ts';
import type { Session } from '../../runtime/runtime.ts';

/** What of a session writes text. Providers whose sessions cannot are refused before one is opened. */
export function writerOf({ generation }: Session): GenerationSession {
  if (generation === undefined) throw new RangeError('this session cannot write text');
  return generation;
}
