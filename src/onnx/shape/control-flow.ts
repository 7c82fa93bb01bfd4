import type { Graph } from '../graph.ts';
import type { Value } from '../value.ts';
import { axisFrom, sameDimension } from './dimension.ts';
import { joinInfos } from './declared-type.ts';
import type { NodeView } from './node-view.ts';
import type { TensorInfo } from './tensor-info.ts';
import { tensorInfo, unknownInfo } from './tensor-info.ts';
import type { Dimension } from '../value-type.ts';

/** Follows a subgraph with given inputs and tells what it returns. */
export type FollowBody = (body: Graph, inputs: readonly TensorInfo[]) => readonly TensorInfo[];

/** Rounds after which the shapes that a loop carries are given up; each axis can only change once. */
const mostRounds = 4;

export function bodyOf(view: NodeView, name: string): Graph | null {
  const attribute = view.attribute(name);
  return attribute?.kind === 'graph' ? attribute.value : null;
}

/** Outputs of If, Loop and Scan; what their bodies hold is followed on the way. */
export function controlFlow(view: NodeView, follow: FollowBody): readonly TensorInfo[] {
  if (view.node.op === 'If') return branches(view, follow);
  const body = bodyOf(view, 'body');
  if (body === null) return [];
  if (view.node.op === 'Loop') return loop(view, body, follow);
  return view.opset >= 9 ? scan(view, body, follow) : [];
}

function branches(view: NodeView, follow: FollowBody): readonly TensorInfo[] {
  const [yes, no] = ['then_branch', 'else_branch'].map((name) => {
    const body = bodyOf(view, name);
    return body === null ? [] : follow(body, []);
  });
  const condition = view.scalar(0);
  if (condition === 1) return yes ?? [];
  if (condition === 0) return no ?? [];
  return (yes ?? []).map((info, index) => joinInfos(info, no?.[index] ?? unknownInfo));
}

/**
 * Shapes are carried by induction: if the body returns the shapes it was given, they hold in every round; axes that
 * come back otherwise are given up and the body is followed again.
 */
function carry(
  initial: readonly TensorInfo[],
  round: (state: readonly TensorInfo[]) => readonly TensorInfo[],
): { readonly state: readonly TensorInfo[]; readonly results: readonly TensorInfo[] } {
  let state = initial.map(({ elementType, shape }) => tensorInfo(elementType, shape));
  for (let rounds = 0; rounds < mostRounds; rounds++) {
    const results = round(state);
    const next = state.map((info, index) => widened(info, results[index] ?? unknownInfo));
    if (JSON.stringify(next) === JSON.stringify(state)) return { state, results };
    state = next;
  }
  const unknown = state.map(({ elementType }) => tensorInfo(elementType, null));
  return { state: unknown, results: round(unknown) };
}

/** A carried value keeps its element type, as ONNX demands. */
function widened(before: TensorInfo, after: TensorInfo): TensorInfo {
  return tensorInfo(before.elementType ?? after.elementType, joinInfos(before, after).shape);
}

function loop(view: NodeView, body: Graph, follow: FollowBody): readonly TensorInfo[] {
  const initial = view.inputs().slice(2);
  const iteration = tensorInfo('int64', []);
  // The body only runs while the condition holds.
  const condition = tensorInfo('bool', [], [1]);
  let returned: readonly TensorInfo[] = [];
  const { state } = carry(initial, (state) => {
    returned = follow(body, [iteration, condition, ...state]);
    return returned.slice(1);
  });
  const trips = tripsOf(view, returned[0] ?? unknownInfo);
  const stacked = returned.slice(1 + initial.length).map((info) => stack(info, trips, 0));
  return [...state, ...stacked];
}

/** How often a Loop runs its body; null when that depends on data. */
export function loopTrips(view: NodeView, types: ReadonlyMap<Value, TensorInfo>): number | null {
  const condition = bodyOf(view, 'body')?.outputs[0];
  return tripsOf(view, (condition && types.get(condition)) ?? unknownInfo);
}

function tripsOf(view: NodeView, condition: TensorInfo): number | null {
  const most = view.scalar(0);
  if (view.has(1) && view.scalar(1) === 0) return 0;
  const runsOn = condition.content?.[0] === 1 && (!view.has(1) || view.scalar(1) === 1);
  return runsOn && typeof most === 'number' && Number.isSafeInteger(most) ? Math.max(0, most) : null;
}

/** The results of all rounds, one behind the other along a new axis. */
function stack({ elementType, shape }: TensorInfo, count: Dimension, axis: number): TensorInfo {
  const place = shape && axisFrom(axis, shape.length + 1);
  return tensorInfo(elementType, shape && place !== null ? shape.toSpliced(place, 0, count) : null);
}

function scan(view: NodeView, body: Graph, follow: FollowBody): readonly TensorInfo[] {
  const scanned = view.int('num_scan_inputs', 0);
  const states = view.inputCount - scanned;
  if (states < 0 || scanned < 1) return [];
  const axes = view.ints('scan_input_axes') ?? [];
  const steps = view
    .inputs()
    .slice(states)
    .map((info, index) => step(info, axes[index] ?? 0));
  let returned: readonly TensorInfo[] = [];
  const { state } = carry(view.inputs().slice(0, states), (state) => {
    returned = follow(body, [...state, ...steps]);
    return returned;
  });
  const length = scanLength(view);
  const outputAxes = view.ints('scan_output_axes') ?? [];
  return [...state, ...returned.slice(states).map((info, index) => stack(info, length, outputAxes[index] ?? 0))];
}

/** One step of a scanned input. */
function step({ elementType, shape }: TensorInfo, axis: number): TensorInfo {
  const place = shape && axisFrom(axis, shape.length);
  return tensorInfo(elementType, shape && place !== null ? shape.toSpliced(place, 1) : null);
}

/** How often a Scan runs its body: the length of the axis it walks along. */
export function scanLength(view: NodeView): Dimension {
  const axes = view.ints('scan_input_axes') ?? [];
  const states = view.inputCount - view.int('num_scan_inputs', 0);
  return view
    .inputs()
    .slice(states)
    .reduce<Dimension>((length, { shape }, index) => {
      const place = shape && axisFrom(axes[index] ?? 0, shape.length);
      return sameDimension(length, place === null ? null : (shape?.[place] ?? null));
    }, null);
}
