import { type AxisIndices, elementOf } from './axis-table.ts';
import { classSignatures } from './class-signatures.ts';
import type { GroupState } from './group-state.ts';
import { marks } from './index-classes.ts';
import type { Contraction, GroupKind, GroupPlace, Lock, PruneGroup, Rewrite, WeightPlace } from './prune-group.ts';
import type { InnerWeight } from './weights-in-control-flow.ts';

/** A group in the making. Its units are numbered in the order in which they are met. */
interface Draft {
  readonly root: number;
  units: number;
  /** Place of its first weight among all. */
  order: number;
  readonly places: GroupPlace[];
  readonly producers: WeightPlace[];
  readonly consumers: WeightPlace[];
  readonly followers: WeightPlace[];
  readonly contractions: Contraction[];
  readonly rewrites: Rewrite[];
}

/** Makes groups of classes: units that lie along the same axes of the same values form one. */
export function collectGroups(state: GroupState, inner: readonly InnerWeight[]): readonly PruneGroup[] {
  const membership = findMembers(state);
  for (const along of state.axes.all) addPlaces(along, membership, state);
  for (const [order, { role, along, place }] of state.weights.entries())
    for (const draft of draftsAlong(along, membership, state)) {
      draft.order = Math.min(draft.order, order);
      draft[`${role}s`].push(place);
    }
  for (const { along, contraction } of state.contractions)
    for (const draft of draftsAlong(along, membership, state)) draft.contractions.push(contraction);
  for (const { along, rewrite } of state.rewrites)
    for (const draft of draftsAlong(along, membership, state)) draft.rewrites.push(rewrite);
  const ordered = membership.drafts.toSorted((a, b) => a.order - b.order);
  const found = ordered.map((draft) => groupOf(draft, state));
  return [...found, ...inner.map(innerGroup)].map((group, id) => ({ ...group, id }));
}

interface Membership {
  readonly drafts: readonly Draft[];
  /** Of a class' root: its draft, or -1, and its unit there. */
  readonly draftOf: Int32Array;
  readonly unitOf: Int32Array;
}

function findMembers(state: GroupState): Membership {
  const { classes, axes } = state;
  const signatures = classSignatures(state);
  const drafts: Draft[] = [];
  const byKey = new Map<string, number>();
  const [draftOf, unitOf] = [new Int32Array(classes.count).fill(-2), new Int32Array(classes.count)];
  for (const along of axes.all) {
    for (let index = 0; index < along.length; index++) {
      const root = classes.find(elementOf(along, index));
      if (draftOf[root] !== -2) continue;
      draftOf[root] = -1;
      if (!signatures.isReported(root)) continue;
      const key = signatures.keyOf(root);
      const at = byKey.get(key) ?? drafts.push(newDraft(root)) - 1;
      byKey.set(key, at);
      draftOf[root] = at;
      const draft = drafts[at];
      if (draft !== undefined) unitOf[root] = draft.units++;
    }
  }
  return { drafts, draftOf, unitOf };
}

function newDraft(root: number): Draft {
  const lists = { places: [], producers: [], consumers: [], followers: [], contractions: [], rewrites: [] };
  return { root, units: 0, order: Infinity, ...lists };
}

function draftsAlong(along: AxisIndices, { drafts, draftOf }: Membership, { classes }: GroupState): readonly Draft[] {
  const found = new Set<number>();
  for (let index = 0; index < along.length; index++) found.add(draftOf[classes.find(elementOf(along, index))] ?? -1);
  return [...found].flatMap((at) => drafts[at] ?? []);
}

function addPlaces(along: AxisIndices, { drafts, draftOf, unitOf }: Membership, { classes }: GroupState): void {
  const { length, value, axis } = along;
  const found = new Map<number, Int32Array<ArrayBuffer>>();
  for (let index = 0; index < length; index++) {
    const root = classes.find(elementOf(along, index));
    const at = draftOf[root] ?? -1;
    if (at < 0) continue;
    const units = found.get(at) ?? new Int32Array(length).fill(-1);
    found.set(at, units);
    units[index] = unitOf[root] ?? -1;
  }
  for (const [at, units] of found) {
    const places = drafts[at]?.places;
    places?.push({ value: value.name, axis, units: sharedWith(places, units) });
  }
}

/** Most places of a group carry its units in the same order: one array for all of them. */
function sharedWith(places: readonly GroupPlace[], units: Int32Array): Int32Array {
  const isSame = (other: Int32Array) => other.length === units.length && other.every((unit, i) => unit === units[i]);
  return [places[0], places.at(-1)].find((place) => place !== undefined && isSame(place.units))?.units ?? units;
}

function groupOf(draft: Draft, state: GroupState): Omit<PruneGroup, 'id'> {
  const { root, units, places, producers, consumers, followers, contractions, rewrites } = draft;
  const [first] = producers.length > 0 ? producers : consumers;
  return {
    name: first?.node ?? '',
    kind: kindOf(draft, state),
    units,
    places,
    producers,
    consumers,
    followers,
    contractions,
    rewrites,
    locks: state.classes.locksOf(root),
  };
}

function kindOf({ root, producers }: Draft, { classes }: GroupState): GroupKind {
  if (classes.hasMark(root, marks.heads)) return 'heads';
  if (classes.hasMark(root, marks.width)) return 'width';
  const mark = producers.length > 0 ? marks.channels : marks.pixels;
  return classes.hasMark(root, mark) ? 'channels' : 'neurons';
}

function innerGroup({ units, place, lock }: InnerWeight): Omit<PruneGroup, 'id'> {
  const none: { readonly [list in 'places' | 'consumers' | 'followers' | 'contractions' | 'rewrites']: [] } = {
    places: [],
    consumers: [],
    followers: [],
    contractions: [],
    rewrites: [],
  };
  const locks: readonly Lock[] = [lock];
  return { ...none, name: place.node, kind: 'neurons', units, producers: [place], locks };
}
