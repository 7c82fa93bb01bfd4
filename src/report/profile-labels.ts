import type { ProfiledKernel, ProfileSubject } from '../profile/profile-result.ts';

/** What a kernel is called: as the node of the file that it does the work of, or by its own name. */
export function kernelLabel({ name, op, fileNodes }: ProfiledKernel, { nodes }: ProfileSubject): string {
  const label = nodes[fileNodes[0] ?? -1]?.name ?? name;
  return label === '' ? op : label;
}

/** `Conv, Relu`: operators of the file whose work a kernel does; empty where that is its own alone. */
export function operatorsDone({ op, fileNodes }: ProfiledKernel, { nodes }: ProfileSubject): string {
  const ops = fileNodes.flatMap((at) => nodes[at]?.op ?? []);
  return ops.length === 1 && ops[0] === op ? '' : ops.join(', ');
}

type Added = NonNullable<ProfiledKernel['added']>;

const addedTexts: Readonly<Record<Added, readonly [one: string, several: string]>> = {
  copy: ['copy between providers', 'copies between providers'],
  layout: ['change of layout', 'changes of layout'],
  cast: ['cast', 'casts'],
  quantization: ['quantizer', 'quantizers'],
};

/** What the runtime puts in itself, so many of it. */
export function addedText(added: Added, many: number): string {
  const [one, several] = addedTexts[added];
  return many === 1 ? one : several;
}

/** `CPU` of `CPUExecutionProvider`. */
export function providerLabel(provider: string): string {
  return provider.replace(/ExecutionProvider$/, '');
}

/** Whether something ran elsewhere than most of the model. */
export function hasSeveralProviders({ kernels }: ProfileSubject): boolean {
  return new Set(kernels.map(({ provider }) => provider)).size > 1;
}

/** Of the time, by what holds kernels back. */
export function boundShares(kernels: readonly ProfiledKernel[]): ReadonlyMap<ProfiledKernel['bound'], number> {
  const shares = new Map<ProfiledKernel['bound'], number>();
  for (const { bound, share } of kernels) shares.set(bound, (shares.get(bound) ?? 0) + share.value);
  return shares;
}

/** Kernels by the time they take, most first. */
export function costliest(kernels: readonly ProfiledKernel[]): readonly ProfiledKernel[] {
  return kernels.toSorted((a, b) => b.timeMs.value - a.timeMs.value);
}
