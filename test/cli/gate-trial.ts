import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GateContext, GateRequest } from '../../src/commands/gate-request.ts';
import type { GateCalibrationResult } from '../../src/gate/gate-calibration-result.ts';
import type { GateResult } from '../../src/gate/gate-result.ts';
import { gateResult, passedCase } from '../report/gate-cases.ts';
import type { World } from './buffered-io.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

/** A machine that can tell what it is asked to. */
export function calibrationCase(): GateCalibrationResult {
  const { schemaVersion, tool, createdAt, command, environment } = gateResult();
  return {
    schemaVersion,
    tool,
    createdAt,
    command,
    environment,
    warnings: [],
    kind: 'gate-calibration',
    settings: { alpha: 0.01, seed: 0, budgetMs: 60_000, maxPairs: 40, optimization: 'all' },
    scenarios: [],
    cells: [],
    suggested: { pairs: 20, neededPairs: 9, budgetMs: 40_000 },
    verdict: 'pass',
    elapsedMs: 59_000,
    interrupted: false,
  };
}

/** `infer gate` with the use cases played: what they are asked for is kept, what they answer is set. */
export class GateTrial {
  requests: GateRequest[] = [];
  contexts: GateContext[] = [];
  result: GateResult = passedCase();
  calibration: GateCalibrationResult = calibrationCase();
  readonly cwd: string;

  constructor(cwd: string) {
    this.cwd = cwd;
  }

  /** Stands in for the use case. */
  readonly play = async (request: GateRequest, context: GateContext): Promise<GateResult> => {
    this.requests.push(request);
    this.contexts.push(context);
    return this.result;
  };

  readonly playCalibration = async (request: GateRequest): Promise<GateCalibrationResult> => {
    this.requests.push(request);
    return this.calibration;
  };

  /** Its lock lies in the folder of the trial: no other gate of this machine is waited for. */
  readonly run = (words: readonly string[], world: World = {}) =>
    runInfer(['gate', ...words], { cwd: this.cwd, runtime: scriptedRuntime(), env: { TMPDIR: this.cwd }, ...world });

  /** The request that a command line becomes. */
  readonly requestOf = async (words: readonly string[]): Promise<GateRequest> => {
    const { exitCode, stderr } = await this.run(words);
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return request;
  };

  readonly write = (name: string, content: string | Uint8Array): string => {
    const path = join(this.cwd, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
}
