import type { ProviderCure } from './provider-cure.ts';

const software =
  '(or, to run in software, point VK_ICD_FILENAMES at the vk_swiftshader_icd.json that comes with Chromium)';

/** Why Dawn, onnxruntime's WebGPU, found no adapter. On Linux it needs Vulkan, and tells what failed on stderr only. */
export function explainWebgpu(problem: string, platform: NodeJS.Platform): ProviderCure | null {
  if (!/WebGPU adapter|Vulkan/.test(problem)) return null;
  if (platform === 'darwin')
    return {
      reason: 'no GPU adapter was found',
      cure: 'run where Metal is available, which virtual machines often lack',
    };
  if (platform === 'win32')
    return { reason: 'no GPU adapter was found', cure: "install the GPU maker's driver with Direct3D 12" };
  return explainVulkan(problem);
}

function explainVulkan(problem: string): ProviderCure {
  if (/Couldn't load Vulkan|libvulkan\S*: cannot open/.test(problem))
    return {
      reason: 'the Vulkan loader, libvulkan.so.1, cannot be loaded',
      cure: `install libvulkan1 (Debian, Ubuntu) or vulkan-loader (Fedora) and the GPU's Vulkan driver ${software}`,
    };
  const lacking = /Vulkan (\S+) required/.exec(problem)?.[1];
  if (lacking !== undefined)
    return {
      reason: `the Vulkan driver lacks what WebGPU needs (${lacking})`,
      cure: `install a newer Vulkan driver for the GPU ${software}`,
    };
  if (/Found no drivers|VK_ERROR_INCOMPATIBLE_DRIVER/.test(problem))
    return {
      reason: 'no Vulkan driver is installed',
      cure: `install the GPU's Vulkan driver, mesa-vulkan-drivers or NVIDIA's own ${software}`,
    };
  return {
    reason: 'no GPU adapter with Vulkan was found',
    cure: `install libvulkan1 and the GPU's Vulkan driver and let this user open /dev/dri ${software}`,
  };
}
