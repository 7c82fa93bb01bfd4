import type { GenerationModel } from './generation-model.ts';

/** Sequences to go on from, one token each a step, the likeliest. */
export interface GenerationRequest {
  /** Token ids by sequence, all of one length of at least 1. */
  readonly prompts: readonly (readonly number[])[];
  /** Tokens to make of each sequence, at most where there are `stopIds`. */
  readonly newTokens: number;
  /** Tokens that end a sequence, and the request once they have ended all; none for a forced length. */
  readonly stopIds: readonly number[];
  /** False: each token is made by running the whole text anew, also where the model has a cache. */
  readonly useCache: boolean;
  /** Tokens to go on with instead of the likeliest, by sequence. */
  readonly follow?: readonly (readonly number[])[];
  /** Whether to return the logits of every new token. */
  readonly keepLogits?: boolean;
}

export interface GenerationReport {
  /** The likeliest tokens, by sequence; a token that ended one is its last. */
  readonly ids: readonly (readonly number[])[];
  /** By token, sequence and vocabulary; null unless asked for. */
  readonly logits: Float32Array | null;
  readonly elapsedMs: number;
}

/** Times of the requests of one measurement, in the order they were made. */
export interface TokenTimes {
  /** By request: from its start until its first token was chosen. */
  readonly ttftMs: Float64Array;
  /** By request: tokens after the first that took time, the same for all its sequences. */
  readonly gaps: Int32Array;
  /** By request: tokens of all its sequences, without those after the end of a sequence. */
  readonly produced: Int32Array;
  /** By request: tokens of all its prompts. */
  readonly prompted: Int32Array;
  /** By request: time inside the runtime's calls. */
  readonly insideMs: Float64Array;
  /** From one token to the next, request by request. */
  readonly itlMs: Float64Array;
  /** How long copying the cache once takes at least, as large as it was after the last request; null without a cache. */
  readonly copyMs: number | null;
}

/** What sessions that can write text do beside running a model. */
export interface GenerationSession {
  /** Writes once. */
  generate(model: GenerationModel, request: GenerationRequest): Promise<GenerationReport>;
  /** Hands over the requests that `warmUp` and `measure` cycle through, a run being a whole request. */
  setRequests(model: GenerationModel, requests: readonly GenerationRequest[]): Promise<void>;
}
