import type { FleetTerms } from './fleet-terms.ts';

export interface BreakEven {
  /** From so many requests a month on, the fleet costs no more than the alternative. */
  readonly requestsPerMonth: number;
  /** That the fleet has there. */
  readonly machines: number;
}

/**
 * From how many requests a month on a fleet costs no more than so much a request, for all loads beyond. Of M machines
 * for F dollars each, the fleet is dearer below M·F / a requests, and M machines are had from (M - 1)·r - s replicas'
 * load on (r replicas a machine, s of them spare, c requests a replica). So M machines are dearer for some load as long
 * as M·F / a > ((M - 1)·r - s)·c, and the last M for which that holds tells the break-even.
 *
 * @param busyRequestsPerReplica requests a month, within its interval
 * @returns null where the fleet never is: not even full machines are cheaper
 */
export function fleetBreakEven(
  terms: FleetTerms,
  busyRequestsPerReplica: number,
  usdPerRequest: number,
): BreakEven | null {
  const perReplica = busyRequestsPerReplica * terms.usableShare;
  const perMachine = perReplica * terms.replicasPerMachine;
  const payingPerMachine = terms.usdPerMachine / usdPerRequest;
  if (!(payingPerMachine < perMachine)) return null;
  const first = Math.ceil((Math.max(1, terms.minReplicas) + terms.spareReplicas) / terms.replicasPerMachine);
  const end = ((terms.replicasPerMachine + terms.spareReplicas) * perReplica) / (perMachine - payingPerMachine);
  // Where the last one breaks even exactly, rounding must not make it dearer.
  const machines = Math.max(first, Math.ceil(end * (1 - 1e-12)) - 1);
  return { requestsPerMonth: machines * payingPerMachine, machines };
}
