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

/** Where the CUDA and TensorRT providers stop: library not installed, dependency missing, no driver or GPU. */
export function explainCuda(provider: 'cuda' | 'tensorrt', problem: string): ProviderCure | null {
  const title = provider === 'cuda' ? 'CUDA' : 'TensorRT';
  const missing = /(?:^|[\s/])(lib[\w-]+\.so[\d.]*): cannot open shared object/.exec(problem)?.[1];
  if (missing !== undefined && !missing.startsWith('libonnxruntime'))
    return { reason: `${missing}, which ${title} needs, is not on the library path`, cure: libraryCure(missing) };
  if (/no CUDA-capable device|CUDA failure 100\b/.test(problem))
    return {
      reason: 'no NVIDIA GPU is visible',
      cure: 'use a machine with one, or start the container with `--gpus all`',
    };
  if (/driver version is insufficient|CUDA failure 35\b/.test(problem))
    return { reason: 'the NVIDIA driver is absent or too old for this CUDA', cure: 'install a newer NVIDIA driver' };
  if (missing === undefined && !/Failed to load shared library/.test(problem)) return null;
  return {
    reason:
      missing === undefined
        ? `the ${title} library of onnxruntime could not be loaded`
        : `the ${title} library of onnxruntime is not installed (${missing})`,
    cure: `run \`${fetchLibraries}\`, which downloads it from NuGet, and ${needs[provider]}`,
  };
}

const needs = {
  cuda: 'have the NVIDIA driver, CUDA 12 and cuDNN 9 installed',
  tensorrt: `have the NVIDIA driver, CUDA 12, cuDNN 9 and TensorRT 10 installed (${tensorrtLimits})`,
} as const;

const owners: readonly (readonly [RegExp, string])[] = [
  [/^libcuda\./, 'the NVIDIA driver'],
  [/^libcudnn/, 'cuDNN'],
  [/^libnv(?:infer|onnxparser)/, 'TensorRT'],
  [/^lib(?:cu|nvrtc|nvJitLink)/, 'CUDA'],
];

/** The number in the library's name is the major version that onnxruntime was built with. */
function libraryCure(library: string): string {
  const owner = owners.find(([pattern]) => pattern.test(library))?.[1] ?? `the package that holds ${library}`;
  if (owner === 'the NVIDIA driver') return 'install the NVIDIA driver, or start the container with `--gpus all`';
  const major = /\.so\.(\d+)/.exec(library)?.[1];
  return `install ${owner}${major === undefined ? '' : ` ${major}`} and put its folder on LD_LIBRARY_PATH`;
}
