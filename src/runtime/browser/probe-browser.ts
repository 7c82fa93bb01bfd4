import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferError } from '../../errors.ts';
import { probeFeeds, probeModel, probeOutputsAreRight } from '../provider-probe.ts';
import type { BrowserProviderName, ProviderStatus } from '../provider.ts';
import type { BrowserFacts } from './browser-facts.ts';
import { BrowserSession } from './browser-session.ts';
import type { BrowserSessionOptions } from './browser-session.ts';
import { explainBrowserFailure, findBrowserTools } from './browser-tools.ts';

export interface BrowserProbe extends Pick<BrowserSessionOptions, 'codeFolder' | 'timeoutMs'> {
  /** The browser that the user named. */
  readonly named?: string | undefined;
}

/** Runs a tiny model in a page and checks its outputs. Never rejects: what goes wrong becomes a reason and its cure. */
export async function probeBrowser(name: BrowserProviderName, probe: BrowserProbe): Promise<ProviderStatus> {
  const found = await findBrowserTools(probe.named);
  if (!found.found) return { name, usable: false, reason: found.reason, cure: found.cure };
  const folder = await mkdtemp(join(tmpdir(), 'infer-browser-'));
  try {
    const modelPath = join(folder, 'probe.onnx');
    await writeFile(modelPath, probeModel);
    return await tryIn(name, { ...probe, tools: found.tools, modelPath });
  } catch (error) {
    return { name, usable: false, ...explainBrowserFailure(name, problemOf(error)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryIn(
  name: BrowserProviderName,
  options: Pick<BrowserSessionOptions, 'codeFolder' | 'timeoutMs' | 'tools' | 'modelPath'>,
): Promise<ProviderStatus> {
  const how = { provider: name, threads: 1, optimization: 'all', strictProvider: true } as const;
  const session = await BrowserSession.open({ ...options, ...how, externalFilesOf: () => Promise.resolve([]) });
  try {
    const { outputs } = await session.run(probeFeeds);
    if (probeOutputsAreRight(outputs))
      return { name, usable: true, version: session.browser.onnxruntimeWeb, device: deviceOf(session.browser) };
    return {
      name,
      usable: false,
      reason: 'it gave wrong outputs for a model of two nodes',
      cure: "update the GPU's driver and the browser, or use another provider",
    };
  } finally {
    await session.close();
  }
}

function deviceOf({ browser, adapter }: BrowserFacts): string {
  if (adapter === null) return browser;
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter((text) => text !== '').join(' ');
  const f16 = adapter.features.includes('shader-f16') ? 'with shader-f16' : 'without shader-f16';
  return `${name === '' ? 'unnamed adapter' : name}${adapter.isFallback ? ' (software)' : ''}, ${f16}, in ${browser}`;
}

function problemOf(error: unknown): string {
  if (error instanceof InferError && 'problem' in error.details) return String(error.details.problem);
  return error instanceof Error ? error.message : String(error);
}
