import type { ProfiledKernel, ProfiledNode, ProfileResult } from '../profile/profile-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

interface Row {
  /** Null for what the runtime added, and for what only the other subject has. */
  readonly node: ProfiledNode | null;
  /** Those that do the node's work, or the one that no node has. */
  readonly kernels: readonly ProfiledKernel[];
  readonly counterpart: ProfiledNode | null;
}

type Field = readonly [name: string, read: (row: Row) => CsvValue];

/** Every node of the file, then every kernel that does the work of none, then what only the other subject has: RFC 4180. */
export function profileCsv(result: ProfileResult): string {
  const fields = [...ownFields, ...(result.compared === null ? [] : comparedFields)];
  return csvText(
    fields.map(([name]) => name),
    rowsOf(result).map((row) => fields.map(([, read]) => read(row))),
  );
}

function rowsOf({ nodes, kernels, compared }: ProfileResult): readonly Row[] {
  const pairs = compared?.pairs ?? [];
  const theirs = compared?.subject.nodes ?? [];
  const counterparts = new Map(pairs.map(({ first, other }) => [first, theirs[other ?? -1] ?? null]));
  return [
    ...nodes.map((node, at) => ({
      node,
      kernels: node.kernels.flatMap((kernel) => kernels[kernel] ?? []),
      counterpart: counterparts.get(at) ?? null,
    })),
    ...kernels
      .filter(({ fileNodes }) => fileNodes.length === 0)
      .map((kernel) => ({ node: null, kernels: [kernel], counterpart: null })),
    ...pairs
      .filter(({ first }) => first === null)
      .map(({ other }) => ({ node: null, kernels: [], counterpart: theirs[other ?? -1] ?? null })),
  ];
}

/** Of the row that a kernel's time stands in, where it is the only one: a node that went into another has none. */
function ofKernel(read: (kernel: ProfiledKernel) => CsvValue): Field[1] {
  return ({ node, kernels }) => {
    const [only, ...others] = kernels;
    if (only === undefined || others.length > 0 || node?.fate === 'fused') return null;
    return read(only);
  };
}

type Shared = 'name' | 'op' | 'provider' | 'macs' | 'bytes' | 'bound';

/** Of the node, or of the kernel that has none. */
function of(field: Shared): Field[1] {
  return (row) => (row.node === null ? ofKernel((kernel) => kernel[field])(row) : row.node[field]);
}

function ofEither(field: 'share' | 'timeMs'): Field[1] {
  return (row) => (row.node === null ? ofKernel((kernel) => kernel[field].value)(row) : row.node[field]);
}

const ownFields: readonly Field[] = [
  ['name', of('name')],
  ['op', of('op')],
  ['fate', ({ node }) => node?.fate ?? null],
  ['added', ofKernel(({ added }) => added)],
  ['kernels', ({ kernels }) => kernels.map(({ name }) => name).join(' ')],
  ['kernelOps', ({ kernels }) => kernels.map(({ op }) => op).join(' ')],
  ['provider', of('provider')],
  ['share', ofEither('share')],
  ['timeMs', ofEither('timeMs')],
  ['timeLowMs', ofKernel(({ timeMs }) => timeMs.low)],
  ['timeHighMs', ofKernel(({ timeMs }) => timeMs.high)],
  ['calls', ofKernel(({ calls }) => calls)],
  ['macs', of('macs')],
  ['bytes', of('bytes')],
  ['gflopPerSecond', ofKernel(({ gflopPerSecond }) => gflopPerSecond)],
  ['gbPerSecond', ofKernel(({ gbPerSecond }) => gbPerSecond)],
  ['bound', of('bound')],
  ['roofShare', ofKernel(({ roofShare }) => roofShare)],
  ['waitShare', ofKernel(({ waitShare }) => waitShare)],
  ['arenaBytes', ofKernel(({ arenaBytes }) => arenaBytes)],
];

const comparedFields: readonly Field[] = [
  ['counterpart', ({ counterpart }) => counterpart?.name ?? null],
  ['counterpartOp', ({ counterpart }) => counterpart?.op ?? null],
  ['counterpartMs', ({ counterpart }) => counterpart?.timeMs ?? null],
];
