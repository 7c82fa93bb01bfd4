/** Nested messages: protobuf's own limit (CodedInputStream::default_recursion_limit), so onnxruntime's too. */
export const deepestMessage = 100;

/**
 * Bytes that a model's objects may take in memory, estimated, so that reading stays below 1 GB: enough for some 300,000
 * nodes of declared types, six times as many as the largest exported graphs have, or for 1.5 million of a forest of
 * decision trees. A file of 100 MB can hold 20 million nodes of 5 bytes, which would take 16 GB.
 */
export const mostObjectBytes = 5 * 2 ** 27;

/** Bytes of names, texts and fields kept as they are: a file may hold a text of gigabytes, a string may not. */
export const mostKeptBytes = 2 ** 27;

/** Payloads of this size and more stay in the file; a smaller one costs less in memory than a place in the file does. */
export const smallestStoredBytes = 1024;

/** Small payloads come into memory only up to here in all: 3 GB can consist of small tensors too. */
export const mostInlineBytes = 2 ** 26;

/** Elements and axis lengths beyond what a JavaScript number counts exactly (2^53 - 1) fit in no file either. */
export const mostElements = Number.MAX_SAFE_INTEGER;

/** Open data files at a time: a model may have one for each tensor, a process 256 on macOS. */
export const mostOpenFiles = 64;

/**
 * What objects take in memory, in bytes: roughly what was measured on Node 20, what is thrown away meanwhile included.
 * Estimates are enough: they only have to tell a large model from an attack.
 */
export const objectBytes = {
  graph: 2500,
  node: 700,
  edge: 80,
  value: 500,
  attribute: 300,
  tensor: 500,
  info: 250,
  /** A pair of texts, a type. */
  entry: 250,
  /** A short array of bytes, a place in the file. */
  span: 200,
  /** A reference and a small object of its own. */
  listItem: 48,
  /** A number in a list, or a reference to what many share: a list that grows is there twice for a moment. */
  slot: 32,
} as const;

/** Fields of a ModelProto, of which functions and metadata are the most numerous: 100 MB can hold 50 million. */
export const mostTopLevelFields = 2 ** 17;
