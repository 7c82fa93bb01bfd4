import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

export interface BrowserSearch {
  /** As named by the user. */
  readonly named?: string | undefined;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isProgram: (path: string) => boolean;
  /** Where playwright-core would have put its own, which need not be there. */
  readonly ownPath: () => string;
}

export type FoundBrowser =
  | { readonly found: true; readonly path: string }
  /** `named` is the path that the user gave and that is no program. */
  | { readonly found: false; readonly named: string | null };

/** Variables in which test runners and others look for a browser. */
const variables = ['CHROME_PATH', 'CHROME_BIN'] as const;

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
] as const;

const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
] as const;

const windowsPaths = [
  String.raw`Google\Chrome\Application\chrome.exe`,
  String.raw`Chromium\Application\chrome.exe`,
  String.raw`Microsoft\Edge\Application\msedge.exe`,
] as const;

/**
 * The browser to measure in: the one that the user names, by flag or variable, else an installed one that is built on
 * Chromium, else playwright-core's own.
 */
export function findBrowser(search: BrowserSearch): FoundBrowser {
  const named = search.named ?? variables.map((name) => search.env[name]).find((path) => path);
  if (named !== undefined) return search.isProgram(named) ? { found: true, path: named } : { found: false, named };
  const path = [...installedPaths(search), search.ownPath()].find((path) => path !== '' && search.isProgram(path));
  return path === undefined ? { found: false, named: null } : { found: true, path };
}

function installedPaths({ platform, env }: BrowserSearch): readonly string[] {
  if (platform === 'darwin') return macPaths;
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => env[name] ?? []);
    return roots.flatMap((root) => windowsPaths.map((path) => `${root}\\${path}`));
  }
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)));
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
