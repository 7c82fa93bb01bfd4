import type { Session } from '../runtime/runtime.ts';
import type { ThreadAffinity } from '../runtime/pinning.ts';
import type { Round } from './bench-result.ts';
import type { SweepPoint } from './sweep.ts';

type Share = NonNullable<Round['affinity']>[number];

/** Processors of each instance of a point, none of them shared; null where there are too few. */
export function shareProcessors(
  { threads, instances }: Pick<SweepPoint, 'threads' | 'instances'>,
  processors: readonly number[],
): readonly (readonly number[])[] | null {
  if (threads * instances > processors.length) return null;
  return Array.from({ length: instances }, (_, index) => processors.slice(index * threads, (index + 1) * threads));
}

/** Where the threads of each instance may run, read back from the system. */
export async function readShares(
  sessions: readonly Session[],
  shares: readonly (readonly number[])[],
): Promise<readonly Share[]> {
  return Promise.all(
    sessions.map(async (session, index) => {
      const asked = [...(shares[index] ?? [])];
      const seen = (await session.affinity?.()) ?? null;
      return {
        asked,
        threads: seen?.map(({ processors, threads }) => ({ processors: [...processors], threads })) ?? null,
        held: seen !== null && isHeld(asked, seen),
      };
    }),
  );
}

/** No thread may run elsewhere, and each processor has a thread that may run there alone. */
export function isHeld(asked: readonly number[], seen: readonly ThreadAffinity[]): boolean {
  const inside = seen.every(({ processors }) => processors.every((processor) => asked.includes(processor)));
  const covered = asked.every((processor) =>
    seen.some(({ processors }) => processors.length === 1 && processors[0] === processor),
  );
  return inside && covered;
}
