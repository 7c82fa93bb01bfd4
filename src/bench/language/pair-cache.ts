import { meaningOf } from '../../data/dimension-names.ts';
import type { ValueSignature } from '../../onnx/signature.ts';
import type { CachePair, CacheType } from '../../runtime/generation/generation-model.ts';

/** Two tensors that should be the same part of a cache and are not; one of them may not be there. */
export interface CacheMismatch {
  readonly input: string | null;
  readonly output: string | null;
  readonly problem: string;
}

export type PairedCache = { readonly pairs: readonly CachePair[] } | { readonly mismatch: CacheMismatch };

export interface CacheTensors {
  /** Inputs that hold the past. */
  readonly pasts: readonly ValueSignature[];
  /** Outputs that may be what becomes of it. */
  readonly presents: readonly ValueSignature[];
  /** First axis of the token ids. */
  readonly batch: number | string;
}

const bytesByType: Readonly<Record<CacheType, number>> = { float32: 4, float16: 2, int8: 1, uint8: 1 };

/** The parts of a cache by what their names have in common: `past_key_values.0.key` and `present.0.key`, `past_0` and `present_0`. */
export function pairCache({ pasts, presents, batch }: CacheTensors): PairedCache {
  const pairs: CachePair[] = [];
  for (const past of pasts) {
    const [present, ...others] = presents.filter(({ name }) => partName(name) === partName(past.name));
    if (present === undefined || others.length > 0) {
      const problem = present === undefined ? 'no output is what becomes of it' : 'several outputs could be it';
      return { mismatch: { input: past.name, output: present?.name ?? null, problem } };
    }
    const pair = pairOf(past, present, batch);
    if ('problem' in pair) return { mismatch: { input: past.name, output: present.name, problem: pair.problem } };
    pairs.push(pair);
  }
  const fed = new Set(pairs.map(({ present }) => present));
  const left = presents.find(({ name }) => isPresent(name) && !fed.has(name));
  if (left !== undefined && pairs.length > 0)
    return { mismatch: { input: null, output: left.name, problem: 'no input takes it back in' } };
  return { pairs };
}

export function isPresent(name: string): boolean {
  return /present/i.test(name);
}

/** What is left of a name without the words for the past and what becomes of it. */
function partName(name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/(past|present)(_key_values?|_kv)?/g, '');
  return bare
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^(in|out|input|output|new|updated|cache)$/.test(word))
    .join('.');
}

function pairOf(
  past: ValueSignature,
  present: ValueSignature,
  batch: number | string,
): CachePair | { problem: string } {
  const { type } = past;
  if (type !== present.type) return { problem: `one is ${type}, the other ${present.type}` };
  if (!isCacheType(type)) return { problem: `caches of ${type} cannot be fed` };
  if (past.shape.length !== present.shape.length)
    return { problem: `one has ${past.shape.length} axes, the other ${present.shape.length}` };
  const dims = axesOf(past, batch);
  if ('problem' in dims) return dims;
  const differing = dims.axes.findIndex((dim, axis) => !fits(dim, present.shape[axis]));
  if (differing !== -1)
    return {
      problem: `axis ${differing} is ${past.shape[differing]} in one and ${present.shape[differing]} in the other`,
    };
  return { past: past.name, present: present.name, type, dims: dims.axes };
}

function fits(dim: CachePair['dims'][number], present: number | string | undefined): boolean {
  if (dim === 'length') return typeof present === 'string';
  return typeof present === 'string' || dim === 'batch' || dim === present;
}

function isCacheType(type: string): type is CacheType {
  return Object.hasOwn(bytesByType, type);
}

/** Which axis is the batch and which one grows; the others must have lengths. */
function axesOf(
  { shape }: ValueSignature,
  batch: number | string,
): { readonly axes: CachePair['dims'] } | { readonly problem: string } {
  const batchAxis = batchAxisIn(shape, batch);
  const open = [...shape.entries()].filter(([axis, dim]) => axis !== batchAxis && typeof dim === 'string');
  const named = open.filter(([, dim]) => growsByName(String(dim)));
  const [growing] = open.length === 1 ? open : named.length === 1 ? named : [];
  const unknown = open.find(([axis]) => axis !== growing?.[0]);
  if (unknown !== undefined) return { problem: `the length of axis ${unknown[0]} ('${unknown[1]}') cannot be told` };
  return {
    axes: shape.map((dim, axis) =>
      axis === batchAxis ? 'batch' : axis === growing?.[0] || typeof dim === 'string' ? 'length' : dim,
    ),
  };
}

function batchAxisIn(shape: readonly (number | string)[], batch: number | string): number {
  const byName = typeof batch === 'string' ? shape.indexOf(batch) : -1;
  if (byName !== -1) return byName;
  // Keys and values stacked in one tensor come first: [2, batch, heads, length, size].
  return shape.length === 5 && shape[0] === 2 ? 1 : 0;
}

function growsByName(dimension: string): boolean {
  return ['past', 'total', 'sequence'].includes(meaningOf(dimension)) || /len|kv|cache/i.test(dimension);
}

/** Bytes by which a cache grows with each token of a sequence; null without one that grows. */
export function bytesPerToken(pairs: readonly CachePair[]): number | null {
  const growing = pairs.filter(({ dims }) => dims.includes('length'));
  if (growing.length === 0) return null;
  return growing.reduce((total, pair) => total + bytesOf(pair), 0);
}

/** Bytes of the parts of a cache that stay as large as they are, of a sequence. */
export function stateBytes(pairs: readonly CachePair[]): number {
  const fixed = pairs.filter(({ dims }) => !dims.includes('length'));
  return fixed.reduce((total, pair) => total + bytesOf(pair), 0);
}

function bytesOf({ dims, type }: CachePair): number {
  return dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : 1), bytesByType[type]);
}
