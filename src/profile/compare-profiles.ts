import type { ProfiledNode, ProfileResult, ProfileSubject } from './profile-result.ts';
import type { ProfileWarning } from './profile-warning.ts';

type Compared = Pick<NonNullable<ProfileResult['compared']>, 'pairs' | 'matched'>;
type Pair = Compared['pairs'][number];
type Subject = Pick<ProfileSubject, 'nodes'>;

/**
 * Which nodes of two profiles answer to which. Nodes of the same name and kind are a pair; of what is left, those of one
 * kind behind the same pair, in order, where there are as many on both sides: exporters and optimizers rename nodes.
 */
export function compareProfiles(first: Subject, other: Subject): Compared {
  const named = pairByName(first.nodes, other.nodes);
  const counterparts = pairByPlace(first.nodes, other.nodes, named);
  const taken = new Set(counterparts.values());
  const pairs = first.nodes.map((node, at): Pair => {
    const place = counterparts.get(at) ?? null;
    return { first: at, other: place, timeMs: node.timeMs, otherMs: other.nodes[place ?? -1]?.timeMs ?? 0 };
  });
  const left = other.nodes.flatMap((node, at): Pair[] =>
    taken.has(at) ? [] : [{ first: null, other: at, timeMs: 0, otherMs: node.timeMs }],
  );
  const nodes = first.nodes.length + other.nodes.length;
  return { pairs: [...pairs, ...left], matched: nodes === 0 ? 0 : (2 * counterparts.size) / nodes };
}

/** With fewer pairs than half of the smaller model's nodes, two models are none of one another. */
const relatedFrom = 0.5;

/** Says that the nodes of two models are not to be compared one by one. */
export function comparisonWarnings(first: ProfileSubject, other: ProfileSubject, compared: Compared): ProfileWarning[] {
  const pairs = compared.pairs.filter((pair) => pair.first !== null && pair.other !== null).length;
  const smaller = Math.min(first.nodes.length, other.nodes.length);
  if (pairs >= smaller * relatedFrom) return [];
  const details = { model: first.model.path, other: other.model.path, pairs, nodes: smaller };
  return [{ code: 'models-unrelated', details }];
}

/** Indices of the other list by those of the first. */
type Counterparts = ReadonlyMap<number, number>;

function keyOf({ name, op }: ProfiledNode): string {
  return `${kindOf(op)} ${name}`;
}

/** The nth of a name and kind with the nth of the same. */
function pairByName(first: readonly ProfiledNode[], other: readonly ProfiledNode[]): Counterparts {
  const waiting = groupsOf(other.map((node, at) => [keyOf(node), at]));
  const pairs = new Map<number, number>();
  for (const [at, node] of first.entries()) {
    const place = waiting.get(keyOf(node))?.shift();
    if (place !== undefined) pairs.set(at, place);
  }
  return pairs;
}

function pairByPlace(
  first: readonly ProfiledNode[],
  other: readonly ProfiledNode[],
  named: Counterparts,
): Counterparts {
  const reversed = new Map([...named].map(([at, place]) => [place, at]));
  const own = leftBehind(first, (at) => (named.has(at) ? at : null));
  const theirs = leftBehind(other, (place) => reversed.get(place) ?? null);
  const pairs = new Map(named);
  for (const [key, members] of own) {
    const counterparts = theirs.get(key) ?? [];
    if (members.length !== counterparts.length) continue;
    for (const [nth, at] of members.entries()) pairs.set(at, counterparts[nth] ?? 0);
  }
  return pairs;
}

/** Nodes without a pair, by their kind and the last pair before them. */
function leftBehind(nodes: readonly ProfiledNode[], pairAt: (at: number) => number | null) {
  let behind: number | null = null;
  const keyed = nodes.flatMap(({ op }, at): (readonly [string, number])[] => {
    const pair = pairAt(at);
    if (pair === null) return [[`${kindOf(op)} behind ${behind}`, at]];
    behind = pair;
    return [];
  });
  return groupsOf(keyed);
}

function groupsOf(keyed: readonly (readonly [string, number])[]): ReadonlyMap<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [key, at] of keyed) {
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [at]);
    else members.push(at);
  }
  return groups;
}

/** What quantizing or fusing puts around the name of an operator. */
const around = /^(?:DynamicQuantize|QLinear|Fused|Q(?=[A-Z]))|(?:IntegerToFloat|Integer|NBits)$/g;

/** Operators that do the same work on other types are of one kind, as are the two products of matrices. */
function kindOf(op: string): string {
  const bare = op.replace(around, '');
  return bare === 'Gemm' ? 'MatMul' : bare;
}
