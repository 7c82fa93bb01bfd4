import type { ProfiledKernel, ProfileSubject } from '../profile/profile-result.ts';
import { addedText, kernelLabel } from './profile-labels.ts';

/** The time of a kernel under what it is part of, outermost first, itself last. */
export interface Stack {
  readonly frames: readonly string[];
  readonly timeMs: number;
  /** Its operator, by which it is colored. */
  readonly op: string;
}

export const stackOrders = ['module', 'operator'] as const;
/** By the modules that names of nodes tell of, as exporters write them (`/encoder/layer.0/MatMul`); or by operator. */
export type StackOrder = (typeof stackOrders)[number];

/** Kernels that take time, in the order of the profile. */
export function stacksOf(subject: ProfileSubject, order: StackOrder): readonly Stack[] {
  return subject.kernels.flatMap((kernel) => {
    const timeMs = kernel.timeMs.value;
    if (!(timeMs > 0)) return [];
    const frames = order === 'module' ? modulesOf(kernel, subject) : [kernel.op, leafOf(kernel, subject)];
    return [{ frames, timeMs, op: kernel.op }];
  });
}

/** Whether names tell of modules at all. */
export function hasModules({ nodes }: ProfileSubject): boolean {
  return nodes.some(({ name }) => pathOf(name).length > 1);
}

/** What runs in a body lies within the If, Loop or Scan. */
function modulesOf(kernel: ProfiledKernel, subject: ProfileSubject): readonly string[] {
  const parent = subject.kernels[kernel.within ?? -1];
  const around = parent === undefined ? [] : modulesOf(parent, subject);
  if (kernel.added !== null) return [...around, addedText(kernel.added, Infinity), leafOf(kernel, subject)];
  const path = pathOf(kernelLabel(kernel, subject));
  // Names in a body often repeat the path of what runs it.
  const shared = path.slice(0, -1).filter((part, at) => around[at] !== part);
  return [...around, ...(parent === undefined ? path.slice(0, -1) : shared), leafOf(kernel, subject)];
}

function leafOf(kernel: ProfiledKernel, subject: ProfileSubject): string {
  const label = pathOf(kernelLabel(kernel, subject)).at(-1) ?? kernel.op;
  return label.includes(kernel.op) ? label : `${label} (${kernel.op})`;
}

function pathOf(name: string): readonly string[] {
  return name.split('/').filter((part) => part !== '');
}
