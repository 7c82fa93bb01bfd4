import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../src/report/html/html-report.ts';
import type { Reportable } from '../../src/report/reporters.ts';
import { sweepCase } from '../report/bench-cases.ts';
import { parseCsv } from '../report/csv-parser.ts';
import { failedCase } from '../report/gate-cases.ts';
import { largeSweep, withTexts } from '../report/html/html-cases.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

describe.runIf(executablePath !== undefined)('a report in a real browser', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'infer-html-'));
    // A container's root may not have the namespaces that the sandbox wants; the pages are our own.
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    /** What should not happen: errors, and requests for anything but the page. */
    readonly remarks: string[];
  }

  async function open(result: Reportable, options: { readonly colorScheme?: 'dark' | 'light' } = {}): Promise<Opened> {
    const path = join(folder, 'report.html');
    writeFileSync(path, htmlReport(result));
    const url = pathToFileURL(path).href;
    const page = await browser.newPage(options);
    const remarks: string[] = [];
    page.on('console', (message) => remarks.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => remarks.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => remarks.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== url) remarks.push(`request: ${request.url()}`);
    });
    await page.goto(url, { waitUntil: 'load' });
    return { page, remarks };
  }

  const column = (page: Page, index: number) =>
    page
      .locator('table[data-sortable]')
      .first()
      .locator(`tbody tr:not([hidden]) td:nth-child(${index})`)
      .allInnerTexts();

  it('opens 500 points from disk without a word, and without a request', async () => {
    const { page, remarks } = await open(largeSweep());
    const loadedMs = await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd");
    process.stderr.write(`500 points: loaded in ${Math.round(loadedMs)} ms\n`);
    expect(await page.locator('table[data-sortable] tbody tr').count()).toBe(500);
    expect(await page.locator('figure svg[role=img]').count()).toBeGreaterThan(40);
    expect(remarks).toEqual([]);
    await page.close();
  });

  it('sorts by figures up, down and back, told to screen readers', async () => {
    const { page, remarks } = await open(sweepCase());
    const heading = page.getByRole('columnheader', { name: 'p50 ms' });
    const before = await column(page, 3);
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await column(page, 3)).toEqual(before.toSorted((a, b) => Number(a) - Number(b)));
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    expect(await column(page, 3)).toEqual(before.toSorted((a, b) => Number(b) - Number(a)));
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('none');
    expect(await column(page, 3)).toEqual(before);
    expect(remarks).toEqual([]);
    await page.close();
  });

  it('filters by every word, and says how many rows are left', async () => {
    const { page, remarks } = await open(largeSweep());
    await page.getByLabel('Filter').first().fill('INT8 webgpu');
    expect(await page.getByRole('status').first().innerText()).toBe('125 of 500 rows');
    expect(new Set(await column(page, 1))).toEqual(new Set(['resnet50-v2-7.int8.onnx']));
    await page.getByLabel('Filter').first().fill('no such row');
    expect(await page.getByRole('status').first().innerText()).toBe('0 of 500 rows');
    await page.getByLabel('Filter').first().fill('');
    expect(await page.getByRole('status').first().innerText()).toBe('500 rows');
    expect(remarks).toEqual([]);
    await page.close();
  });

  it('is used by the keyboard alone', async () => {
    const { page, remarks } = await open(sweepCase());
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the report');
    const focus = () => page.evaluate<string>("document.activeElement?.closest('th')?.textContent.trim() ?? ''");
    for (let presses = 0; presses < 60 && !(await focus()).startsWith('threads'); presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('columnheader', { name: 'threads' }).getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Space');
    expect(await page.getByRole('columnheader', { name: 'threads' }).getAttribute('aria-sort')).toBe('descending');
    expect(remarks).toEqual([]);
    await page.close();
  });

  it.each([
    ['figure', 'Download CSV of Latency over batch', 8],
    ['table', 'Download CSV of Points', 8],
  ])('saves the numbers of a %s as CSV', async (_, name, rows) => {
    const { page, remarks } = await open(sweepCase());
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    expect(download.suggestedFilename()).toMatch(/^[a-z-]+\.csv$/);
    const parsed = parseCsv(readFileSync(await download.path(), 'utf8'));
    expect(parsed).toHaveLength(rows + 1);
    expect(remarks).toEqual([]);
    await page.close();
  });

  it('lets names that are markup do nothing, in the page and in CSV', async () => {
    const hostile = '=1+1</script><script>alert(1)</script><img src="http://localhost:1/x" onerror="alert(2)">';
    const { page, remarks } = await open(withTexts(failedCase(), hostile));
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    const button = page.getByRole('button', { name: 'Download CSV of Tests' });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    const records = parseCsv(readFileSync(await download.path(), 'utf8'));
    expect(records[1]?.[0]).toMatch(/^'=1\+1<\/script>/);
    expect(remarks).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('is %s as the system is, and always light on paper', async (colorScheme) => {
    const { page } = await open(failedCase(), { colorScheme });
    const paper = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    expect(await paper()).toBe(colorScheme === 'dark' ? 'rgb(20, 22, 26)' : 'rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'print' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    expect(await page.getByRole('button').count()).toBeLessThan(60);
    expect(await page.locator('.tools').first().isVisible()).toBe(false);
    await page.close();
  });

  it('fits a phone: only tables and drawings scroll sideways', async () => {
    const { page } = await open(sweepCase());
    await page.setViewportSize({ width: 390, height: 800 });
    const [width, needed] = await page.evaluate<number[]>('[innerWidth, document.documentElement.scrollWidth]');
    expect(needed).toBeLessThanOrEqual(width ?? 0);
    await page.close();
  });
});
