import type { PromptRow } from '../../data/read-prompts.ts';
import { DataError } from '../../errors.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import type { LanguageModel } from './language-model.ts';

/** Where nothing tells the vocabulary: ids that every tokenizer has. */
const leastVocabulary = 100;

export interface PromptNeeds {
  /** Tokens of each; null for as many as the data have. */
  readonly tokens: number | null;
  readonly batch: number;
  /** Distinct requests to make. */
  readonly requests: number;
  readonly seed: number;
}

type Request = readonly (readonly number[])[];

/** Sequences of every request: made up, or from data. All of one request have the same length, so that none is padded. */
export function makePrompts(
  model: LanguageModel,
  rows: readonly PromptRow[] | null,
  needs: PromptNeeds,
): readonly Request[] {
  if (rows === null || rows.length === 0) return syntheticPrompts(model.vocabulary ?? leastVocabulary, needs);
  return needs.tokens === null ? ownLengths(rows, needs) : givenLength(rows, needs.tokens, needs);
}

function syntheticPrompts(vocabulary: number, { tokens, batch, requests, seed }: PromptNeeds): readonly Request[] {
  return indexes(requests).map((request) =>
    indexes(batch).map((row) => {
      // The first tokens are the same whatever the length.
      const random = createRandom(seed, 'prompt', request, row);
      return indexes(tokens ?? 1).map(() => random.integer(vocabulary));
    }),
  );
}

/** Texts one after another, each request cut to the shortest of its own. */
function ownLengths(rows: readonly PromptRow[], { batch, requests }: PromptNeeds): readonly Request[] {
  const distinct = Math.min(requests, Math.ceil(rows.length / batch));
  return indexes(distinct).map((request) => {
    const own = indexes(batch).map((row) => rows[(request * batch + row) % rows.length]?.ids ?? []);
    const shortest = Math.min(...own.map(({ length }) => length));
    return own.map((ids) => ids.slice(0, shortest));
  });
}

/** Each sequence begins with a text of its own; one that is too short goes on with the next. */
function givenLength(rows: readonly PromptRow[], tokens: number, { batch, requests }: PromptNeeds): readonly Request[] {
  const distinct = Math.min(requests, Math.ceil(rows.length / batch));
  return indexes(distinct).map((request) =>
    indexes(batch).map((row) => {
      const ids: number[] = [];
      for (let at = request * batch + row; ids.length < tokens; at++)
        ids.push(...(rows[at % rows.length]?.ids ?? []).slice(0, tokens - ids.length));
      return ids;
    }),
  );
}

/** Throws DataError `token-unknown` for the first token id that a model has no embedding of. */
export function checkVocabulary(rows: readonly PromptRow[], { path: model, vocabulary }: LanguageModel): void {
  if (vocabulary === null) return;
  for (const { ids, origin } of rows) {
    const id = ids.find((token) => token >= vocabulary);
    if (id !== undefined) throw new DataError('token-unknown', { path: origin, id, model, vocabulary });
  }
}

function indexes(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
