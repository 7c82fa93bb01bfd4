import type { ProviderCure } from './provider-cure.ts';

/** Faults of onnxruntime-node as a whole, which stop every provider; null when it loaded. */
export function explainBinding(problem: string, platform: string, arch: string): ProviderCure | null {
  if (/Cannot find module.*onnxruntime_binding\.node/.test(problem))
    return {
      reason: `onnxruntime-node has no binary for ${platform} ${arch}`,
      cure: 'use Linux or Windows on x64 or arm64, or macOS on Apple silicon, and if this is one of them reinstall onnxruntime-node',
    };
  if (/ld-linux-\S+: No such file|ld-musl|Error relocating/.test(problem))
    return {
      reason: 'onnxruntime-node is built for glibc, and this system (Alpine, for one) has musl',
      cure: 'use a glibc image, for one node:20-slim instead of node:20-alpine',
    };
  const version = /version `(GLIBC(?:XX)?_[\d.]+)' not found/.exec(problem)?.[1];
  if (version !== undefined)
    return {
      reason: `onnxruntime-node needs ${version}, and this system's C library is older`,
      cure: 'use a newer distribution, or an older onnxruntime-node',
    };
  if (/libonnxruntime\.[\w.]*: cannot open shared object/.test(problem))
    return {
      reason: 'the onnxruntime library is not beside its Node binding, so the installation is incomplete',
      cure: 'reinstall onnxruntime-node with `npm install onnxruntime-node --force`',
    };
  return null;
}
