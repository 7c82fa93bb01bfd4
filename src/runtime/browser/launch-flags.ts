export interface FlagsFor {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Chromium's flags for measuring. Its own are playwright's: no updates, no throttling of what is in the background.
 *
 * Software WebGPU is used where the Vulkan loader was pointed at SwiftShader, as for onnxruntime-node's provider.
 */
export function launchFlags({ platform, env }: FlagsFor): readonly string[] {
  return [
    // Collects garbage before a block, as the process of the other providers does.
    '--js-flags=--expose-gc',
    // The page's server and nothing else: not even a proxy is asked.
    '--no-proxy-server',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    // Without it, WebGPU is kept back from Linux and from drivers that Chromium does not trust.
    '--enable-unsafe-webgpu',
    ...(platform === 'linux' ? ['--enable-features=Vulkan'] : []),
    ...(isSoftwareGpu(env) ? ['--use-webgpu-adapter=swiftshader'] : []),
  ];
}

function isSoftwareGpu(env: FlagsFor['env']): boolean {
  return /swiftshader/i.test(env['VK_DRIVER_FILES'] ?? env['VK_ICD_FILENAMES'] ?? '');
}
