import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { BrowserType } from 'playwright-core';
import type { ProviderCure } from '../hardware/provider-cure.ts';
import type { BrowserProviderName } from '../provider.ts';
import { findBrowser, isProgram } from './find-browser.ts';

/** What measuring in a browser takes, none of which comes with infer. */
export interface BrowserTools {
  readonly chromium: Pick<BrowserType, 'launch'>;
  readonly browserPath: string;
  /** Folder of onnxruntime-web's bundles. */
  readonly runtimeFolder: string;
}

export type BrowserToolsFound =
  | { readonly found: true; readonly tools: BrowserTools }
  | ({ readonly found: false } & ProviderCure);

const require = createRequire(import.meta.url);

const packages = ['playwright-core', 'onnxruntime-web'] as const;

/** Looks for the packages and the browser; `named` is the path that the user gave. Never rejects. */
export async function findBrowserTools(named: string | undefined): Promise<BrowserToolsFound> {
  const missing = packages.filter((name) => resolved(name) === null);
  const runtime = resolved('onnxruntime-web');
  if (missing.length > 0 || runtime === null) return { found: false, ...missingPackages(missing) };
  const { chromium } = await import('playwright-core');
  const { platform, env } = process;
  const browser = findBrowser({ named, platform, env, isProgram, ownPath: () => chromium.executablePath() });
  if (!browser.found) return { found: false, ...missingBrowser(browser.named) };
  return { found: true, tools: { chromium, browserPath: browser.path, runtimeFolder: dirname(runtime) } };
}

function resolved(name: string): string | null {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

function missingPackages(missing: readonly string[]): ProviderCure {
  const verb = missing.length === 1 ? 'is' : 'are';
  return {
    reason: `measuring in a browser takes ${packages.join(' and ')}, and ${missing.join(' and ')} ${verb} not installed`,
    cure: `add what is missing with \`npm install ${missing.join(' ')}\`, beside infer`,
  };
}

function missingBrowser(named: string | null): ProviderCure {
  if (named !== null)
    return { reason: `${named} is not a program`, cure: 'give the path of a Chromium with --browser' };
  return {
    reason: 'no browser that is built on Chromium was found',
    cure: 'install Chromium or Google Chrome, or `npx playwright-core install chromium`, or give the path of one with --browser',
  };
}

/** What to do where the browser runs but the provider does not; `problem` is the text of onnxruntime-web or the browser. */
export function explainBrowserFailure(provider: BrowserProviderName, problem: string): ProviderCure {
  if (/GPU adapter|WebGPU is not supported|No available adapters/i.test(problem))
    return {
      reason: 'the browser found no WebGPU adapter',
      cure: "install the GPU's driver (on Linux one for Vulkan, with libvulkan1), or, to run in software, point VK_ICD_FILENAMES at the vk_swiftshader_icd.json that comes with Chromium",
    };
  if (/shared libraries|cannot open shared object/i.test(problem))
    return {
      reason: problem,
      cure: 'install the libraries that the browser needs, for example with `npx playwright-core install-deps chromium`',
    };
  const cure =
    provider === 'browser-webgpu'
      ? 'look at chrome://gpu in that browser, or name another one with --browser'
      : 'update the browser, or name another one with --browser';
  return { reason: problem === '' ? 'the browser gave no reason' : problem, cure };
}
