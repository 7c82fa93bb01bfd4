/**
 * Everything that can go wrong on a user's side, as data: a code from a closed union and typed details.
 * Who must act decides the class, and the class decides the exit code (see cli/exit-codes.ts).
 * The sentences a person reads are in report/messages.ts.
 */

import type { DataErrorDetails, ModelErrorDetails, RuntimeErrorDetails, UsageErrorDetails } from './error-details.ts';

export type { DataErrorDetails, ModelErrorDetails, RuntimeErrorDetails, UsageErrorDetails } from './error-details.ts';

export type ErrorDetails = UsageErrorDetails & ModelErrorDetails & DataErrorDetails & RuntimeErrorDetails;

/** A failure, finding or warning as plain data: what results store and report/messages turns into a sentence. */
export interface Finding {
  readonly code: string;
  readonly details: object;
}

export interface InferErrorOptions {
  /** One more sentence for this very case: what to do. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base of every error a user can cause. `message` is for logs; report/messages has the sentence. */
export abstract class InferError<
  Details extends object = object,
  Code extends keyof Details = keyof Details,
> extends Error {
  readonly code: string;
  readonly details: object;
  hint: string | undefined;

  constructor(code: Code & string, details: Details[Code] & object, options: InferErrorOptions = {}) {
    super(`${code} ${JSON.stringify(details)}`, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = details;
    this.hint = options.hint;
  }

  /** The same error with one more sentence for the case that only the caller knows. */
  withHint(hint: string): this {
    this.hint = hint;
    return this;
  }

  get finding(): Finding {
    return { code: this.code, details: this.details };
  }
}

export class UsageError<C extends keyof UsageErrorDetails = keyof UsageErrorDetails> extends InferError<
  UsageErrorDetails,
  C
> {}

export class ModelError<C extends keyof ModelErrorDetails = keyof ModelErrorDetails> extends InferError<
  ModelErrorDetails,
  C
> {}

export class DataError<C extends keyof DataErrorDetails = keyof DataErrorDetails> extends InferError<
  DataErrorDetails,
  C
> {}

export class RuntimeError<C extends keyof RuntimeErrorDetails = keyof RuntimeErrorDetails> extends InferError<
  RuntimeErrorDetails,
  C
> {}

/** What a failed write means to the person who named the file. Findings that are errors already stay as they are. */
export function unwritable(path: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = plainWords[code] ?? (error instanceof Error ? error.message : String(error));
  return new UsageError('output-unwritable', { path, problem }, { cause: error });
}

const plainWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'a part of its path is a file',
};
