import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowserTools } from '../../src/runtime/browser/browser-tools.ts';

/** Where Debian's chromium-common puts the software Vulkan driver. */
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Under CI the driver must be there (.ci/run installs it); elsewhere device tests run where it is. */
export const hasSoftwareGpu = existsSync(driver) || process.env['CI'] !== undefined;

/** Under CI the browser must be there too. */
export const hasBrowser =
  ((await findBrowserTools(undefined)).found || process.env['CI'] !== undefined) && hasSoftwareGpu;

/** The environment in which onnxruntime's WebGPU finds SwiftShader as its adapter. */
export function softwareGpuEnv(): Record<string, string> {
  const runtimeFolder = mkdtempSync(join(tmpdir(), 'infer-xdg-'));
  return { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, XDG_RUNTIME_DIR: runtimeFolder };
}
