import type { Model } from './model.ts';
import type { Pass } from './pass.ts';
import { PassError } from './pass.ts';

/** Rewrites that undo each other would go on for ever; honest ones settle in a handful of rounds. */
const mostRounds = 50;

/** Passes one after another. Throws PassError that names the pass and those before it. */
export function sequence<Context>(name: string, passes: readonly Pass<Context>[]): Pass<Context> {
  return {
    name,
    async apply(model, context) {
      let changed = false;
      for (const [index, pass] of passes.entries()) {
        const before = passes.slice(0, index).map((other) => other.name);
        if (await applied(pass, { model, context, before })) changed = true;
      }
      return changed;
    },
  };
}

/** A pass again and again until it changes nothing. Throws PassError when it never settles. */
export function untilStable<Context>(pass: Pass<Context>): Pass<Context> {
  return {
    name: pass.name,
    async apply(model, context) {
      for (let round = 0; round < mostRounds; round++) {
        if (!(await pass.apply(model, context))) return round > 0;
      }
      throw new PassError(pass.name, [], new RangeError(`it still changes the graph after ${mostRounds} rounds`));
    },
  };
}

/** A pass that tells `onApplied` what it did, for reports and for checks in tests. */
export function observed<Context>(
  pass: Pass<Context>,
  onApplied: (model: Model, changed: boolean) => void | Promise<void>,
): Pass<Context> {
  return {
    name: pass.name,
    async apply(model, context) {
      const changed = await pass.apply(model, context);
      await onApplied(model, changed);
      return changed;
    },
  };
}

/** Applies a pass to a copy and returns the copy, or null when it changed nothing. The model itself stays as it is. */
export async function applyToCopy<Context>(
  pass: Pass<Context>,
  model: Model,
  options: { readonly context: Context; readonly copy: (model: Model) => Model },
): Promise<Model | null> {
  const copy = options.copy(model);
  return (await pass.apply(copy, options.context)) ? copy : null;
}

async function applied<Context>(
  pass: Pass<Context>,
  run: { readonly model: Model; readonly context: Context; readonly before: readonly string[] },
): Promise<boolean> {
  try {
    return await pass.apply(run.model, run.context);
  } catch (error) {
    if (error instanceof PassError) throw new PassError(error.pass, [...run.before, ...error.before], error.cause);
    throw new PassError(pass.name, run.before, error);
  }
}
