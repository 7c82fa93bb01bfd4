import type { ProfileResult, ProfileSubject } from '../profile/profile-result.ts';
import { kernelLabel } from './profile-labels.ts';
import { hasModules, stackOrders, stacksOf } from './profile-stacks.ts';
import type { StackOrder } from './profile-stacks.ts';
import { timelineOf } from './profile-timeline.ts';

/**
 * A profile in the file format of speedscope: what kernels take without profiling, as stacks of modules and of
 * operators, and one profiled run in time. Source: speedscope's `file-format-schema.json`, version 0.0.1.
 */
export function profileSpeedscope(result: ProfileResult): string {
  const frames = new FrameTable();
  const subjects = [result, ...(result.compared === null ? [] : [result.compared.subject])];
  const profiles = subjects.flatMap((subject) => profilesOf(subject, frames));
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `${result.tool.name} ${result.tool.version}`,
    name: result.model.path,
    activeProfileIndex: 0,
    shared: { frames: frames.list },
    profiles,
  };
  return `${JSON.stringify(file)}\n`;
}

/** Frames by what they are called, each once. */
class FrameTable {
  readonly list: { readonly name: string }[] = [];
  readonly #places = new Map<string, number>();

  at(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.list.length);
    return this.list.push({ name }) - 1;
  }
}

function profilesOf(subject: ProfileSubject, frames: FrameTable): readonly object[] {
  const of = `${subject.model.path} on ${subject.ep}`;
  const orders = stackOrders.filter((order) => order !== 'module' || hasModules(subject));
  return [
    ...orders.map((order) => sampled(subject, { name: `${of}, by ${order}`, order, frames })),
    evented(subject, { name: of, frames }),
  ];
}

interface Sampling {
  readonly name: string;
  readonly order: StackOrder;
  readonly frames: FrameTable;
}

function sampled(subject: ProfileSubject, { name, order, frames }: Sampling): object {
  const stacks = stacksOf(subject, order);
  const weights = stacks.map(({ timeMs }) => timeMs);
  return {
    type: 'sampled',
    name,
    unit: 'milliseconds',
    startValue: 0,
    endValue: weights.reduce((sum, weight) => sum + weight, 0),
    samples: stacks.map((stack) => stack.frames.map((frame) => frames.at(frame))),
    weights,
  };
}

/** Opened and closed in order, none beyond what it lies in: speedscope refuses whatever overlaps. */
function evented(subject: ProfileSubject, { name, frames }: Omit<Sampling, 'order'>): object {
  const { kind, durationMs, events } = timelineOf(subject);
  const told: { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[] = [];
  const open: { readonly frame: number; readonly endMs: number }[] = [];
  let nowMs = 0;
  const close = (untilMs: number): void => {
    for (let last = open.at(-1); last !== undefined && last.endMs <= untilMs; last = open.at(-1)) {
      nowMs = Math.max(nowMs, last.endMs);
      told.push({ type: 'C', frame: last.frame, at: nowMs });
      open.pop();
    }
  };
  for (const { kernel: at, startMs, durationMs: tookMs } of events) {
    const kernel = subject.kernels[at];
    if (kernel === undefined) continue;
    close(startMs);
    nowMs = Math.max(nowMs, startMs);
    const frame = frames.at(kernelLabel(kernel, subject));
    told.push({ type: 'O', frame, at: nowMs });
    open.push({ frame, endMs: Math.min(startMs + tookMs, open.at(-1)?.endMs ?? Infinity) });
  }
  close(Infinity);
  const run = kind === 'typical' ? 'a typical profiled run' : 'the average run';
  const endValue = Math.max(durationMs, nowMs);
  return { type: 'evented', name: `${name}, ${run}`, unit: 'milliseconds', startValue: 0, endValue, events: told };
}
