import type { Roofs } from '../profile-result.ts';
import { higherOf } from './higher-of.ts';
import { measureRoofs } from './measure-roofs.ts';
import { findEntry, isFresh, withRoofs } from './roof-cache.ts';
import type { RoofsRequest } from './roofs-request.ts';

/**
 * The roofs of a provider with so many threads on this machine: those of an earlier run where the store has some, else
 * measured now, which takes some seconds. Throws what `measureRoofs` throws.
 */
export async function roofsFor(request: RoofsRequest): Promise<Roofs> {
  const { environment, provider, threads, store, at } = request;
  const precisions = [...new Set(request.precisions)].toSorted();
  const key = { fingerprint: environment.fingerprint, provider, threads, precisions };
  const known = findEntry(store?.read() ?? null, key);
  if (known !== null && isFresh(known, { precisions, at })) return { ...known.roofs, cached: true };
  const measured = await measureRoofs(request);
  // What was disturbed is too low, if anything: the better of both is nearer to what the machine can do.
  const rates = known?.roofs.disturbed === true ? higherOf(measured, known.roofs) : measured;
  const ridge = rates.gflopPerSecond / rates.gbPerSecond;
  const roofs: Roofs = { provider, threads, ...rates, ridge, measuredAt: at, cached: false };
  // Read again: another run may have written in the meantime.
  store?.write(withRoofs(store.read(), { ...key, roofs }));
  return roofs;
}
