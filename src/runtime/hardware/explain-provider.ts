import { tidy } from '../classify-failure.ts';
import { type NodeProviderName, providersOf } from '../provider.ts';
import { explainBinding } from './binding-cure.ts';
import { explainCuda } from './cuda-cure.ts';
import type { ProviderCure } from './provider-cure.ts';
import { explainWebgpu } from './webgpu-cure.ts';

/** A provider that did not run, with what onnxruntime said. */
export interface ProviderFailure {
  readonly provider: NodeProviderName;
  /** The error's message and, where there is any, what the process wrote to stderr: the cause is often only there. */
  readonly problem: string;
  /** Libraries that the loader does not find, where it was asked. */
  readonly missingLibraries?: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const homes: Readonly<Record<NodeProviderName, string>> = {
  cpu: 'Linux and Windows on x64 and arm64, and macOS on Apple silicon',
  webgpu: 'Linux x64, macOS on Apple silicon and Windows',
  cuda: 'Linux x64',
  tensorrt: 'Linux x64',
  coreml: 'macOS on Apple silicon',
  dml: 'Windows',
};

/** Sorts onnxruntime 1.30's texts; one that is not known is given as it is, with the provider's usual needs. */
export function explainProvider(failure: ProviderFailure): ProviderCure {
  const { provider, problem, platform, arch } = failure;
  const binding = explainBinding(problem, platform, arch);
  if (binding !== null) return binding;
  if (!providersOf(platform, arch).includes(provider) || /backend not found/.test(problem))
    return {
      reason: `onnxruntime-node for ${platform} ${arch} has no ${provider} provider`,
      cure: `choose another provider, for this one is only in the builds for ${homes[provider]}`,
    };
  return explainBuiltIn(failure) ?? { reason: unknownReason(problem), cure: usualNeeds[provider] };
}

function explainBuiltIn({ provider, problem, platform, missingLibraries = [] }: ProviderFailure): ProviderCure | null {
  switch (provider) {
    case 'cuda':
    case 'tensorrt':
      return explainCuda({ provider, problem, missingLibraries });
    case 'webgpu':
      return explainWebgpu(problem, platform);
    default:
      return null;
  }
}

const usualNeeds: Readonly<Record<NodeProviderName, string>> = {
  cpu: 'reinstall onnxruntime-node with `npm install onnxruntime-node --force`',
  webgpu: 'install a driver for the GPU that supports Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS)',
  cuda: 'check with `nvidia-smi` that the driver sees a GPU, and that CUDA and cuDNN 9 are on the library path',
  tensorrt: 'check that the cuda provider runs and that TensorRT 10 is on the library path',
  coreml: 'update macOS, or use the cpu provider',
  dml: 'update the GPU driver, for DirectML needs a GPU with Direct3D 12',
};

function unknownReason(problem: string): string {
  const text = tidy(withoutColors(problem));
  return text === '' ? 'onnxruntime gave no reason' : `onnxruntime said: ${text}`;
}

function withoutColors(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, 'g'), '');
}
