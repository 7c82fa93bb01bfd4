import type { PruneRequest } from '../../src/commands/prune-request.ts';
import type { PruneResult } from '../../src/prune/prune-result.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { fullCase } from '../report/prune-cases.ts';
import { runInfer } from './buffered-io.ts';

/** `infer prune` with the use case played: what it is asked for is kept, what it answers is set. */
export class PruneTrial {
  requests: PruneRequest[] = [];
  result: PruneResult = fullCase();
  readonly cwd: string;

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  /** Stands in for the use case. */
  readonly play = async (request: PruneRequest): Promise<PruneResult> => {
    this.requests.push(request);
    return this.result;
  };

  readonly run = (words: readonly string[]) =>
    runInfer(['prune', ...words], { cwd: this.cwd, runtime: new OptimizingRuntime() });

  /** The request that a command line becomes. */
  readonly requestOf = async (words: readonly string[]): Promise<PruneRequest> => {
    const { exitCode, stderr } = await this.run(words);
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return request;
  };
}
