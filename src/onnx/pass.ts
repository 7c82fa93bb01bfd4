import type { Model } from './model.ts';

/**
 * One rewrite of a model. `apply` tells whether it changed anything; applied to its own result it changes nothing.
 * What it needs from outside (a runtime, data, given dimensions) comes in the context.
 */
export interface Pass<Context = unknown> {
  readonly name: string;
  apply(model: Model, context: Context): boolean | Promise<boolean>;
}

/** A pass that needs nothing from outside and finishes at once. */
export interface PurePass {
  readonly name: string;
  apply(model: Model): boolean;
}

/** A failed pass: which one, and which ran before it. The cause is the pass's own error. */
export class PassError extends Error {
  readonly pass: string;
  readonly before: readonly string[];

  constructor(pass: string, before: readonly string[], cause: unknown) {
    super(`pass ${pass} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'PassError';
    this.pass = pass;
    this.before = before;
  }
}
