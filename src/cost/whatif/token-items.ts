import type { CostCurve } from '../cost-result.ts';

/** How many measured items a call to a model takes: so many whatever its tokens, and so many for each of them. */
export interface TokenItems {
  readonly perCall: number;
  readonly perInputToken: number;
  readonly perOutputToken: number;
}

const onePerCall: TokenItems = { perCall: 1, perInputToken: 0, perOutputToken: 0 };

type Tokens = CostCurve['tokens'];

/**
 * A model that writes tokens takes as long as those of the call do, at the rates that were measured; the prompt is read
 * no slower than tokens are written, which is what is assumed where only that was measured. Any other model answers a
 * call with one item: an encoder in place of a chat model reads a text of its own, whatever the chat model is sent.
 */
export function generatedItems(tokens: Tokens): TokenItems {
  if (tokens === null || tokens.outputPerSecond === null) return onePerCall;
  const written = 1 / tokens.outputPerSecond.value;
  const read = tokens.inputPerSecond === null ? written : 1 / tokens.inputPerSecond.value;
  const item = tokens.prompt * read + tokens.generated * written;
  return item > 0 ? { perCall: 0, perInputToken: read / item, perOutputToken: written / item } : onePerCall;
}

/** The same where the call's tokens are told for this very model: then an encoder takes as long as those that it reads. */
export function itemsOfCalls(tokens: Tokens, call: { readonly reads: boolean; readonly writes: boolean }): TokenItems {
  if (!call.reads && !call.writes) return onePerCall;
  const items = generatedItems(tokens);
  if (items.perCall === 0 || tokens === null || !call.reads || !(tokens.prompt > 0)) return items;
  return { perCall: 0, perInputToken: 1 / tokens.prompt, perOutputToken: 0 };
}
