/** What the figures mean, for every report that prints them. */
export const macDefinition =
  'One MAC is one multiplication and one addition. Counted: convolutions, matrix products, Einsum contractions, ' +
  'attention (both products, over all positions, masks ignored) and recurrent layers (their matrix products). Not ' +
  'counted: elementwise operators, activations, normalization, pooling, biases, resizing.';

/** Bytes that an operator moves, as used for its arithmetic intensity. */
export const trafficDefinition =
  "An operator's bytes are those of its inputs, weights and outputs, each once; operators that only look at a tensor " +
  'otherwise (Reshape, Identity …) move none, and those that pick elements (Gather, Slice …) read as much as they write.';
