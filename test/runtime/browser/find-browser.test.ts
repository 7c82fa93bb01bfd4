import { describe, expect, it } from 'vitest';
import { findBrowser } from '../../../src/runtime/browser/find-browser.ts';
import type { BrowserSearch } from '../../../src/runtime/browser/find-browser.ts';

const own = '/cache/ms-playwright/chromium-1/chrome';

function search(programs: readonly string[], rest: Partial<BrowserSearch> = {}) {
  return findBrowser({
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    isProgram: (path) => programs.includes(path),
    ownPath: () => own,
    ...rest,
  });
}

describe('findBrowser', () => {
  it('takes the one that is named, and no other in its place', () => {
    const programs = ['/opt/chrome', '/usr/bin/chromium'];
    expect(search(programs, { named: '/opt/chrome' })).toEqual({ found: true, path: '/opt/chrome' });
    expect(search(programs, { named: '/opt/chrom' })).toEqual({ found: false, named: '/opt/chrom' });
  });

  it.each(['CHROME_PATH', 'CHROME_BIN'])('takes that of %s, which a flag goes before', (name) => {
    const env = { [name]: '/opt/chrome', PATH: '/usr/bin' };
    const programs = ['/opt/chrome', '/opt/other', '/usr/bin/chromium'];
    expect(search(programs, { env })).toEqual({ found: true, path: '/opt/chrome' });
    expect(search(programs, { env, named: '/opt/other' })).toEqual({ found: true, path: '/opt/other' });
  });

  it('prefers an installed one to that of playwright-core', () => {
    expect(search([own, '/usr/bin/chromium'])).toEqual({ found: true, path: '/usr/bin/chromium' });
    expect(search([own, '/usr/bin/chromium', '/usr/local/bin/google-chrome'])).toEqual({
      found: true,
      path: '/usr/local/bin/google-chrome',
    });
    expect(search([own])).toEqual({ found: true, path: own });
  });

  it('finds those of macOS and Windows where they are installed', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(search([mac], { platform: 'darwin' })).toEqual({ found: true, path: mac });
    const edge = String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`;
    const env = { 'PROGRAMFILES(X86)': String.raw`C:\Program Files (x86)` };
    expect(search([edge], { platform: 'win32', env })).toEqual({ found: true, path: edge });
  });

  it('finds none where there is none', () => {
    expect(search([])).toEqual({ found: false, named: null });
    expect(search([], { env: {}, ownPath: () => '' })).toEqual({ found: false, named: null });
  });
});
