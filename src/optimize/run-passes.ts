import type { Model } from '../onnx/model.ts';
import type { Pass } from '../onnx/pass.ts';
import { observed, sequence, untilStable } from '../onnx/pipeline.ts';
import { countNodes } from './graph-figures.ts';
import type { PassRecord } from './optimize-result.ts';

export interface PassRun<Context> {
  readonly passes: readonly Pass<Context>[];
  readonly context: Context;
  /** A pass has run; for progress. The next one waits for it. */
  readonly onPass: (pass: string, nodes: number) => void | Promise<void>;
}

export interface PassesRun {
  readonly passes: readonly PassRecord[];
  /** Times the whole list was run, the last time without a change. */
  readonly rounds: number;
}

/** Runs passes in order, again and again until none changes anything. Throws PassError. */
export async function runPasses<Context>(
  model: Model,
  { passes, context, onPass }: PassRun<Context>,
): Promise<PassesRun> {
  const records = new Map(passes.map(({ name }) => [name, { pass: name, changes: 0, nodesRemoved: 0 }]));
  let nodes = countNodes(model);
  let calls = 0;
  const watched = passes.map((pass) =>
    observed(pass, (current, changed) => {
      calls++;
      const now = countNodes(current);
      const record = records.get(pass.name);
      if (record && changed) {
        record.changes++;
        record.nodesRemoved += nodes - now;
      }
      nodes = now;
      return onPass(pass.name, now);
    }),
  );
  await untilStable(sequence('optimize', watched)).apply(model, context);
  return { passes: [...records.values()], rounds: Math.ceil(calls / Math.max(1, passes.length)) };
}
