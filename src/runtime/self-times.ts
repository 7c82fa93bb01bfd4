import type { KernelEvent } from './kernel-events.ts';

export interface SelfTime {
  readonly event: KernelEvent;
  readonly selfUs: number;
  /** The event of the node in whose subgraph it ran, as an index into the same list; null in the main graph. */
  readonly within: number | null;
}

const opsWithSubgraphs: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan']);

/**
 * Durations less those of the nodes in a node's subgraphs, whose events lie before it and within its time.
 * @param events of one run, in the order in which they ended
 */
export function selfTimes(events: readonly KernelEvent[]): readonly SelfTime[] {
  const selfUs = events.map(({ durationUs }) => durationUs);
  const within: (number | null)[] = events.map(() => null);
  const open: number[] = [];
  for (const [at, event] of events.entries()) {
    // Only there: times are whole microseconds, and a quick neighbor may seem to lie within any node.
    while (opsWithSubgraphs.has(event.op)) {
      const inner = open.at(-1);
      const innerEvent = inner === undefined ? undefined : events[inner];
      if (inner === undefined || innerEvent === undefined || innerEvent.startUs < event.startUs) break;
      open.pop();
      within[inner] = at;
      selfUs[at] = (selfUs[at] ?? 0) - innerEvent.durationUs;
    }
    open.push(at);
  }
  return events.map((event, at) => ({ event, selfUs: Math.max(0, selfUs[at] ?? 0), within: within[at] ?? null }));
}
