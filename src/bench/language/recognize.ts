import { idsInput, languageRoles } from '../../data/language-roles.ts';
import type { LanguageRole } from '../../data/language-roles.ts';
import type { ModelSignature, ValueSignature } from '../../onnx/signature.ts';
import type { GenerationModel } from '../../runtime/generation/generation-model.ts';
import type { CacheMismatch } from './pair-cache.ts';
import { isPresent, pairCache } from './pair-cache.ts';

export type Recognition =
  | { readonly kind: 'decoder'; readonly model: GenerationModel; readonly batch: number | string }
  /** It has a cache that does not hold together. */
  | { readonly kind: 'broken'; readonly mismatch: CacheMismatch }
  /** `problem`: what it lacks, or has too much. */
  | { readonly kind: 'other'; readonly problem: string };

/**
 * How a model writes text, by the names and shapes of what goes in and comes out: token ids to logits, with a cache of
 * keys and values or without one, with masks, positions and the switch of merged decoders where they are inputs.
 */
export function recognizeDecoder({ inputs, outputs }: ModelSignature): Recognition {
  const ids = idsInput(inputs);
  if (ids === null) return other('no input takes token ids');
  const [batch, tokens] = ids.shape;
  if (batch === undefined || tokens === undefined || ids.shape.length !== 2)
    return other(`input '${ids.name}' is no matrix of sequences and tokens`);
  const roles = rolesOf(inputs);
  const unknown = inputs.find(({ name }) => !roles.has(name));
  if (unknown !== undefined) return other(`input '${unknown.name}' is none that a decoder of text has`);
  const having = (role: DecoderRole) => inputs.filter(({ name }) => roles.get(name) === role);
  const logits = findLogits(outputs);
  if (logits === null) return other('no output is the logits of tokens');
  const cache = pairCache({ pasts: having('past'), presents: outputs.filter((output) => output !== logits), batch });
  if ('mismatch' in cache) return { kind: 'broken', mismatch: cache.mismatch };
  const fixedLength = typeof tokens === 'number' ? tokens : null;
  const told = [...having('mask'), ...having('positions'), ...having('types')];
  const problem = shapeProblem({ told, fixedLength, hasCache: cache.pairs.length > 0 });
  if (problem !== null) return other(problem);
  return {
    kind: 'decoder',
    batch,
    model: {
      ids: { ...fed(ids), fixedLength },
      mask: firstFed(having('mask')),
      positions: firstFed(having('positions')),
      types: firstFed(having('types')),
      branch: having('branch')[0]?.name ?? null,
      logitsToKeep: firstFed(having('logits to keep')),
      logits: logits.name,
      cache: cache.pairs,
    },
  };
}

type DecoderRole = LanguageRole | 'logits to keep';

function rolesOf(inputs: readonly ValueSignature[]): ReadonlyMap<string, DecoderRole> {
  const roles = new Map<string, DecoderRole>(languageRoles(inputs));
  for (const { name, type, shape } of inputs) {
    if (roles.has(name)) continue;
    if (/^(num_)?logits_to_keep$/i.test(name)) roles.set(name, 'logits to keep');
    // Caches of whole numbers are compressed ones; states of other networks are called caches as well.
    else if (/past|cache/i.test(name) && shape.length >= 3 && (type === 'int8' || type === 'uint8'))
      roles.set(name, 'past');
  }
  return roles;
}

function findLogits(outputs: readonly ValueSignature[]): ValueSignature | null {
  const scores = outputs.filter(
    ({ name, type, shape }) =>
      (type === 'float32' || type === 'float16') && (shape.length === 3 || shape.length === 2) && !isPresent(name),
  );
  const named = scores.find(({ name }) => /logits$/i.test(name.replace(/:\d+$/, '')));
  return named ?? (scores.length === 1 ? (scores[0] ?? null) : null);
}

interface Shapes {
  /** Inputs that token ids tell. */
  readonly told: readonly ValueSignature[];
  readonly fixedLength: number | null;
  readonly hasCache: boolean;
}

function shapeProblem({ told, fixedLength, hasCache }: Shapes): string | null {
  if (hasCache && fixedLength !== null && fixedLength !== 1)
    return `it takes ${fixedLength} tokens a run beside its cache, neither any number of them nor one`;
  const odd = told.find(
    ({ shape, type }) => shape.length !== 2 || !['int64', 'int32', 'float32', 'bool'].includes(type),
  );
  if (odd !== undefined) return `input '${odd.name}' is no matrix of sequences and tokens`;
  const fixed = told.find(
    ({ shape: [, length] }) => typeof length === 'number' && (hasCache || length !== fixedLength),
  );
  return fixed === undefined || (hasCache && fixedLength === 1 && fixed.shape[1] === 1)
    ? null
    : `input '${fixed.name}' has a fixed length of ${fixed.shape[1]}`;
}

function firstFed([input]: readonly ValueSignature[]): GenerationModel['mask'] {
  return input === undefined ? null : fed(input);
}

function fed({ name, type }: ValueSignature) {
  return { name, type };
}

function other(problem: string): Recognition {
  return { kind: 'other', problem };
}
