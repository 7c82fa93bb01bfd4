import type { QuantizeRequest } from '../../src/commands/quantize-request.ts';
import type { QuantizeResult } from '../../src/quantize/quantize-result.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { fullCase } from '../report/quantize-cases.ts';
import { runInfer } from './buffered-io.ts';

/** `infer quantize` with the use case played: what it is asked for is kept, what it answers is set. */
export class QuantizeTrial {
  requests: QuantizeRequest[] = [];
  result: QuantizeResult = fullCase();
  readonly cwd: string;

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  /** Stands in for the use case. */
  readonly play = async (request: QuantizeRequest): Promise<QuantizeResult> => {
    this.requests.push(request);
    return this.result;
  };

  readonly run = (words: readonly string[]) =>
    runInfer(['quantize', ...words], { cwd: this.cwd, runtime: new OptimizingRuntime() });

  /** The request that a command line becomes. */
  readonly requestOf = async (words: readonly string[]): Promise<QuantizeRequest> => {
    const { exitCode, stderr } = await this.run(words);
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return request;
  };
}
