/** One sentence for every code of a details interface: what, where, what to do. Without a final period. */
export type Sentences<Details> = { readonly [C in keyof Details]: (details: Details[C]) => string };
