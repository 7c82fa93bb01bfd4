/** Seconds of an hour times items of a million. */
const perMillion = 1e6 / 3600;

/**
 * USD for a million items of a machine that serves so many a second at a utilization: P / 3600 / (X·u)·1e6. At a
 * utilization of 1 this is what the busy time alone costs.
 */
export function usdPerMillion(usdPerHour: number, itemsPerSecond: number, utilization = 1): number {
  return (usdPerHour * perMillion) / (itemsPerSecond * utilization);
}

/** USD for a million requests of a fleet that costs so much an hour, idle or not, at a mean load: N·P / 3600 / λ·1e6. */
export function allocatedUsdPerMillion(fleetUsdPerHour: number, requestsPerSecond: number): number {
  return (fleetUsdPerHour * perMillion) / requestsPerSecond;
}

/** Items a second of one replica that runs one full batch after another. */
export function itemsPerSecond(batch: number, batchMs: number): number {
  return (1000 * batch) / batchMs;
}
