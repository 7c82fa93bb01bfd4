import type { Node } from '../../onnx/node.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import { unitsByScore } from '../../prune/plan/removal-of.ts';
import type { PrunedGroup } from '../../prune/prune-result.ts';
import { layersOf } from './cost-nodes.ts';
import type { LatencyShares } from './latency-shares.ts';
import type { Scores } from './score-units.ts';
import type { Structure } from './structure.ts';

export interface DescribedGroups {
  readonly structure: Structure;
  /** Units left, by group id. */
  readonly after: ReadonlyMap<number, number>;
  readonly scores: Scores;
  readonly macsOf: (node: Node) => number;
  readonly latency: LatencyShares;
}

/** Every group, what is left of it and what it is worth. */
export function describeGroups(described: DescribedGroups): PrunedGroup[] {
  const { structure, after, macsOf, latency } = described;
  const nodes = [...structure.model.graph.nodes()];
  const macs = new Map(nodes.map((node) => [node.name, macsOf(node)]));
  const total = [...macs.values()].reduce((sum, each) => sum + each, 0);
  return structure.groups.map((group) => ({
    name: group.name,
    kind: group.kind,
    producers: namesOf(group.producers),
    consumers: namesOf(group.consumers),
    unitsBefore: group.units,
    unitsAfter: after.get(group.id) ?? group.units,
    locks: group.locks.map((lock) => ({ ...lock })),
    macsShare: shareOf(group, macs, total),
    latencyShare: latency === null ? null : shareOf(group, latency, 1),
    ...scoresOf(group, described),
  }));
}

function namesOf(places: PruneGroup['producers']): string[] {
  return [...new Set(places.map(({ node }) => node))];
}

function scoresOf(group: PruneGroup, { scores, after }: DescribedGroups) {
  const own = scores.get(group.id);
  const gone = group.units - (after.get(group.id) ?? group.units);
  if (own === undefined || gone <= 0) return { scoreRemoved: null, scoreKept: null };
  const ranked = unitsByScore(own).map((unit) => own[unit] ?? 0);
  const finite = ranked.filter((score) => Number.isFinite(score));
  const mean = meanOf(finite);
  const relative = (list: readonly number[]) => {
    const value = meanOf(list.filter((score) => Number.isFinite(score)));
    return value === null || mean === null || mean === 0 ? null : value / mean;
  };
  return { scoreRemoved: relative(ranked.slice(0, gone)), scoreKept: relative(ranked.slice(gone)) };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function shareOf(group: PruneGroup, of: ReadonlyMap<string, number>, all: number): number | null {
  return all === 0 ? null : [...layersOf(group)].reduce((sum, name) => sum + (of.get(name) ?? 0), 0) / all;
}
