import { describe, expect, it } from 'vitest';
import { launchFlags } from '../../../src/runtime/browser/launch-flags.ts';

describe('launchFlags', () => {
  it('lets the browser reach this machine and nothing else', () => {
    const flags = launchFlags({ platform: 'win32', env: {} });
    expect(flags).toContain('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');
    expect(flags).toContain('--no-proxy-server');
  });

  it('asks for software WebGPU where the Vulkan loader is pointed at it, as for onnxruntime-node', () => {
    const software = '--use-webgpu-adapter=swiftshader';
    const icd = '/usr/lib/chromium/vk_swiftshader_icd.json';
    expect(launchFlags({ platform: 'linux', env: { VK_ICD_FILENAMES: icd } })).toContain(software);
    expect(launchFlags({ platform: 'linux', env: { VK_DRIVER_FILES: icd } })).toContain(software);
    expect(launchFlags({ platform: 'linux', env: {} })).not.toContain(software);
    // The loader prefers the newer variable.
    const both = { VK_DRIVER_FILES: '/etc/vulkan/nvidia_icd.json', VK_ICD_FILENAMES: icd };
    expect(launchFlags({ platform: 'linux', env: both })).not.toContain(software);
  });

  it('asks for Vulkan on Linux alone', () => {
    const isVulkan = (flag: string) => flag.includes('Vulkan');
    expect(launchFlags({ platform: 'linux', env: {} }).some(isVulkan)).toBe(true);
    expect(launchFlags({ platform: 'darwin', env: {} }).some(isVulkan)).toBe(false);
  });
});
