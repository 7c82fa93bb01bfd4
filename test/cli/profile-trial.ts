import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileResultSchema } from '../../src/profile/profile-result.ts';
import type { KernelRuns, ProfileRunsRequest, RunProfile } from '../../src/runtime/run-profile.ts';
import { linearModel } from '../models/small-models.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import type { World } from './buffered-io.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

/** A folder of its own with a model in it, and `infer profile` beside it. */
export function profileTrial(files: ReturnType<typeof temporaryFolder>) {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const write = (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return {
    folder,
    write,
    /** A MatMul and an Add. */
    model: write('linear.onnx', linearModel()),
    profile: (words: readonly string[], world: World = {}) =>
      runInfer(['profile', '--no-roofs', ...words], {
        cwd: folder,
        env: { XDG_CACHE_HOME: join(folder, 'cache') },
        runtime: scriptedRuntime({ profileRuns: (_, request) => twoKernels(request) }),
        ...world,
      }),
  };
}

/** A MatMul that takes thrice as long as the Add behind it, in runs of 400 µs of their own. */
export function twoKernels({ runs }: ProfileRunsRequest): RunProfile {
  const each = <T>(value: T) => Array.from({ length: runs }, () => value);
  const kernel = (op: string, index: number, us: number): KernelRuns => ({
    name: `${op}_${index}`,
    op,
    provider: 'CPUExecutionProvider',
    index,
    within: null,
    inputs: [{ type: 'float32', dims: [1, 4] }],
    outputs: [{ type: 'float32', dims: [1, 4] }],
    parameterBytes: 64,
    activationBytes: 16,
    outputBytes: 16,
    inUseBytes: 256,
    peakBytes: 512,
    selfUs: each(us),
    calls: each(1),
    waitUs: null,
  });
  return {
    kernels: [kernel('MatMul', 0, 300), kernel('Add', 1, 100)],
    runsUs: each(400),
    eventsPerRun: 2,
    isCutOff: false,
    typical: {
      durationUs: 400,
      events: [
        { kernel: 0, startUs: 0, durationUs: 300 },
        { kernel: 1, startUs: 300, durationUs: 100 },
      ],
    },
  };
}

/** The result in a text. */
export function parseProfile(text: string) {
  return profileResultSchema.parse(JSON.parse(text));
}
