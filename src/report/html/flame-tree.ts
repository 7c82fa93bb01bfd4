import type { Stack } from '../profile-stacks.ts';

/** A frame with all that lies within it. */
export interface Flame {
  readonly name: string;
  /** With what lies within. */
  timeMs: number;
  /** Operator of most of its time. */
  op: string;
  readonly children: Map<string, Flame>;
}

/** Stacks as a tree: frames of the same name in the same place are one. */
export function flameTree(name: string, stacks: readonly Stack[]): Flame {
  const root = newFlame(name);
  const times = new Map<Flame, Map<string, number>>();
  for (const { frames, timeMs, op } of stacks) {
    let at = root;
    grow(at, { timeMs, op }, times);
    for (const frame of frames) {
      const child = at.children.get(frame) ?? newFlame(frame);
      at.children.set(frame, child);
      grow(child, { timeMs, op }, times);
      at = child;
    }
  }
  return root;
}

function newFlame(name: string): Flame {
  return { name, timeMs: 0, op: '', children: new Map() };
}

function grow(flame: Flame, { timeMs, op }: Omit<Stack, 'frames'>, times: Map<Flame, Map<string, number>>): void {
  const own = times.get(flame) ?? new Map<string, number>();
  times.set(flame, own);
  own.set(op, (own.get(op) ?? 0) + timeMs);
  flame.timeMs += timeMs;
  if ((own.get(op) ?? 0) >= (own.get(flame.op) ?? 0)) flame.op = op;
}

/** A frame where it is drawn: shares of the whole width, and rows from the top. */
export interface FlameBox {
  readonly flame: Flame;
  readonly from: number;
  readonly share: number;
  readonly depth: number;
}

/** Narrower frames cannot be seen, nor hit. */
const leastShare = 0.0005;

/** Boxes from the outermost on, the widest of a frame first. */
export function flameBoxes(root: Flame): readonly FlameBox[] {
  const boxes: FlameBox[] = [];
  const place = (flame: Flame, from: number, depth: number): void => {
    const share = root.timeMs === 0 ? 0 : flame.timeMs / root.timeMs;
    if (share < leastShare) return;
    boxes.push({ flame, from, share, depth });
    let at = from;
    for (const child of [...flame.children.values()].toSorted((a, b) => b.timeMs - a.timeMs)) {
      place(child, at, depth + 1);
      at += child.timeMs / root.timeMs;
    }
  };
  place(root, 0, 0);
  return boxes;
}
