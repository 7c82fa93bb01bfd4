import { leastDriverTexts, librariesCure, listed } from './cuda-libraries.ts';
import type { ProviderCure } from './provider-cure.ts';

/**
 * The provider libraries are not in the npm package: its postinstall step (script/install.js) fetches them from NuGet
 * on Linux x64 unless ONNXRUNTIME_NODE_INSTALL or `onnxruntime-node-install` in .npmrc says `skip`, or scripts are off.
 * Of the variable's values only `true`, `1`, `ON` and `skip` work in 1.30: `cuda12`, though documented there, is
 * accepted and ignored (`parseInstallFlag` returns nothing), and no name for another CUDA version exists.
 * The variable wins over .npmrc.
 */
const fetchLibraries = 'ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node';

/** Of TensorRT's options, onnxruntime-node 1.30 hands on the device alone. */
const tensorrtLimits =
  'through Node it reads deviceId only, so it computes in FP32 and builds its engine in each session';

/** Its manifest says CUDA 12; what the library really asks for is known when it is there. */
const needs = {
  cuda: 'have the NVIDIA driver, CUDA 12 (or the version that `infer doctor` names then) and cuDNN 9 installed',
  tensorrt: `have the NVIDIA driver, CUDA 12 (or the version that \`infer doctor\` names then), cuDNN 9 and TensorRT 10 installed (${tensorrtLimits})`,
} as const;

export interface CudaFailure {
  readonly provider: 'cuda' | 'tensorrt';
  readonly problem: string;
  /** All libraries that the provider's own needs and the loader does not find, where that could be asked. */
  readonly missingLibraries: readonly string[];
}

/** Where the CUDA and TensorRT providers stop: library not installed, dependency missing, no driver or GPU. */
export function explainCuda({ provider, problem, missingLibraries }: CudaFailure): ProviderCure | null {
  const missing = /(?:^|[\s/])(lib[\w-]+\.so[\d.]*): cannot open shared object/.exec(problem)?.[1];
  if (missing !== undefined && !missing.startsWith('libonnxruntime'))
    return explainMissing(provider, [...new Set([missing, ...missingLibraries])]);
  return (
    explainCudnn(problem) ??
    explainMismatch(problem) ??
    explainDevice(problem) ??
    explainProviderLibrary(provider, missing, problem)
  );
}

function explainMissing(provider: CudaFailure['provider'], libraries: readonly string[]): ProviderCure {
  const verb = libraries.length === 1 ? 'is' : 'are';
  const reason = `${listed(libraries)}, which ${titles[provider]} needs, ${verb} not on the library path`;
  return { reason, cure: librariesCure(libraries) };
}

const titles = { cuda: 'CUDA', tensorrt: 'TensorRT' } as const;

/** What the loader says of a library that is there and is the wrong one. */
function explainMismatch(problem: string): ProviderCure | null {
  const found =
    /(\S*?(lib[\w-]+\.so[\d.]*)): (?:version `([^']+)' not found|undefined symbol: (\w+)|file too short)/.exec(problem);
  const library = found?.[2];
  if (library === undefined) return null;
  const what = found?.[3] ?? found?.[4];
  return {
    reason: `${library} does not fit: ${what === undefined ? 'its file is damaged' : `${what} is missing`}`,
    cure: 'let onnxruntime and its libraries come from matching releases, and look for an older copy on LD_LIBRARY_PATH',
  };
}

/** cuDNN is loaded by hand, when it is first used: the text is the loader's of cudnn-frontend. */
function explainCudnn(problem: string): ProviderCure | null {
  if (!/Unable to find symbol cudnn/.test(problem)) return null;
  return { reason: 'libcudnn.so.9, which CUDA needs, cannot be loaded', cure: librariesCure(['libcudnn.so.9']) };
}

/** CUDA's error numbers (cudaError_t, driver_types.h) as `CUDA failure 100: …`. */
const failures: Readonly<Record<string, ProviderCure>> = {
  2: {
    reason: 'the GPU has too little free memory',
    cure: 'end other processes that use it (`nvidia-smi` lists them)',
  },
  3: { reason: 'CUDA could not be started', cure: 'check that `nvidia-smi` runs, and start the machine again if not' },
  35: {
    reason: 'the NVIDIA driver is absent or too old for this CUDA',
    cure: `install a newer NVIDIA driver (at least ${leastDriverTexts()})`,
  },
  46: {
    reason: 'the GPU is busy or in exclusive mode',
    cure: 'end the process that has it, or set `nvidia-smi --compute-mode=0`',
  },
  100: {
    reason: 'no NVIDIA GPU is visible',
    cure: 'use a machine with one, start the container with `--gpus all`, or check CUDA_VISIBLE_DEVICES',
  },
  101: {
    reason: 'there is no GPU of that number',
    cure: 'give --device one of those that `nvidia-smi -L` and CUDA_VISIBLE_DEVICES show, counted from 0',
  },
  209: {
    reason: 'onnxruntime has no code for a GPU of this kind',
    cure: 'use a GPU of compute capability 6.0 or above, or an onnxruntime that knows this one',
  },
  802: {
    reason: 'the connection between the GPUs is not started',
    cure: 'start the service nvidia-fabricmanager in the version of the driver',
  },
  803: {
    reason: "the driver's library and its kernel module are of different versions",
    cure: 'load the new module or start the machine again, and keep other copies of libcuda.so.1 off LD_LIBRARY_PATH',
  },
  804: {
    reason: 'the CUDA compatibility library does not work with this GPU',
    cure: 'take its folder (cuda-compat) off LD_LIBRARY_PATH, and install a newer NVIDIA driver',
  },
  999: {
    reason: 'CUDA failed for a reason it does not tell',
    cure: 'check that `nvidia-smi` runs and that the container may use /dev/nvidia-uvm, or start the machine again',
  },
};

function explainDevice(problem: string): ProviderCure | null {
  const number = /CUDA (?:failure|error) (\d+)\b/.exec(problem)?.[1];
  const known = number === undefined ? undefined : failures[number];
  if (known !== undefined) return known;
  if (/no CUDA-capable device/.test(problem)) return failures['100'] ?? null;
  if (/driver version is insufficient/.test(problem)) return failures['35'] ?? null;
  return /Invalid device id|invalid device ordinal/i.test(problem) ? (failures['101'] ?? null) : null;
}

function explainProviderLibrary(
  provider: CudaFailure['provider'],
  missing: string | undefined,
  problem: string,
): ProviderCure | null {
  if (missing === undefined && !/Failed to load shared library/.test(problem)) return null;
  return {
    reason:
      missing === undefined
        ? `the ${titles[provider]} library of onnxruntime could not be loaded`
        : `the ${titles[provider]} library of onnxruntime is not installed (${missing})`,
    cure: `run \`${fetchLibraries}\`, which downloads it from NuGet, and ${needs[provider]}`,
  };
}
