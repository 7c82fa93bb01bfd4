/** What `--input NAME=VALUE` gives an input, before its type and shape are known. */
export type InputValue =
  /** A number, `true`, `false` or text: fills the whole input. */
  | { readonly kind: 'scalar'; readonly text: string }
  /** Random whole numbers, both ends included. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** The elements one after another, or one row that is repeated. */
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** An `.npy` or `.pb` file. */
  | { readonly kind: 'file'; readonly path: string };

/** Reads the VALUE of `--input NAME=VALUE`. Never fails: whether the text suits the input shows when it is filled. */
export function parseInputValue(text: string): InputValue {
  if (/\.(npy|pb)$/i.test(text)) return { kind: 'file', path: text };
  const [, first, last] = /^(-?\d{1,15})\.\.(-?\d{1,15})$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from <= to) return { kind: 'range', from, to };
  if (text.includes(',')) return { kind: 'list', items: text.split(',').map((item) => item.trim()) };
  return { kind: 'scalar', text };
}
