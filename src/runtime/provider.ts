/** Execution providers by the names onnxruntime-node takes. */
export const nodeProviderNames = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'coreml', 'dml'] as const;
export type NodeProviderName = (typeof nodeProviderNames)[number];

/** Providers of onnxruntime-web, in the page of a browser. */
export const browserProviderNames = ['browser-webgpu', 'browser-wasm'] as const;
export type BrowserProviderName = (typeof browserProviderNames)[number];

export const providerNames = [...nodeProviderNames, ...browserProviderNames] as const;
export type ProviderName = (typeof providerNames)[number];

export function inBrowser(name: ProviderName): name is BrowserProviderName {
  return browserProviderNames.some((known) => known === name);
}

/** Whether a provider really runs here, and if not, why and what to do about it. */
export type ProviderStatus =
  | {
      readonly name: ProviderName;
      readonly usable: true;
      readonly version: string | null;
      readonly device: string | null;
    }
  | { readonly name: ProviderName; readonly usable: false; readonly reason: string; readonly cure: string };

/**
 * Providers of onnxruntime-node that exist at all for an operating system and processor, CPU first. Source: the binaries in
 * onnxruntime-node 1.30 and its README; the one for Linux on Arm holds no WebGPU.
 */
export function providersOf(platform: NodeJS.Platform, arch: string): readonly NodeProviderName[] {
  switch (platform) {
    case 'linux':
      return arch === 'x64' ? ['cpu', 'webgpu', 'cuda', 'tensorrt'] : ['cpu'];
    case 'darwin':
      return ['cpu', 'coreml', 'webgpu'];
    case 'win32':
      return ['cpu', 'dml', 'webgpu'];
    default:
      return ['cpu'];
  }
}
