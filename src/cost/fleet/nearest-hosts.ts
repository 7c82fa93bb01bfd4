import type { InstanceType } from '../catalog/catalog.ts';
import type { CurveProjection } from './curve-projection.ts';
import type { Host } from './host.ts';
import type { Obstacle } from './why-not.ts';

interface Hosting {
  readonly projection: CurveProjection;
  readonly host: Host;
}

/** Ranges that differ by less come of the same kind of projection. */
const sameRange = 1.01;

/**
 * What a machine is for curves of the same work: as those tell it that were measured there, else those of the least
 * doubt. An obstacle counts where all meet one, and then the first.
 */
export function nearestHosts(
  projections: readonly CurveProjection[],
  instance: InstanceType,
): { readonly hosts: readonly Hosting[]; readonly obstacle: Obstacle | null } {
  const hosts: Hosting[] = [];
  let obstacle: Obstacle | null = null;
  for (const projection of projections) {
    const host = projection.hostOf(instance);
    if ('code' in host) obstacle ??= host;
    else hosts.push({ projection, host });
  }
  const nearest = Math.min(...hosts.map(({ host }) => doubt(host)));
  return { hosts: hosts.filter(({ host }) => doubt(host) <= nearest * sameRange), obstacle };
}

/** How far the ends of the range are apart; least where measured. */
function doubt({ translation: { basis, low, high } }: Host): number {
  return basis === 'measured' ? 0 : high / low;
}
