import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PageServer } from '../../../src/runtime/browser/page-server.ts';

let folder = '';
let server: PageServer;
let answers: string[];
let events: string[];

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'infer-page-'));
  for (const [path, content] of [
    ['code/runtime/page.js', 'page'],
    ['ort/ort.wasm.min.mjs', 'bundle'],
    ['ort/ort-wasm.wasm', 'wasm'],
    ['code/secret.json', 'no script'],
    ['model.onnx', 'model'],
  ] as const) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  answers = [];
  events = [];
  server = await PageServer.start({
    codeFolder: join(folder, 'code'),
    runtimeFolder: join(folder, 'ort'),
    nowMs: () => 1234.5,
    onAnswer: (parcel) => answers.push(text(parcel)),
    onEvent: (parcel) => events.push(text(parcel)),
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(server.url + path);

/** As it is written: `fetch` tidies paths up. */
function rawStatus(path: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('PageServer', () => {
  it('serves the page, isolated, with the code and the runtime', async () => {
    const page = await get('');
    expect(await page.text()).toContain('<script type="module"');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(await (await get('code/runtime/page.js')).text()).toBe('page');
    expect(await (await get('ort/ort.wasm.min.mjs')).text()).toBe('bundle');
    const wasm = await get('ort/ort-wasm.wasm');
    expect(wasm.headers.get('content-type')).toBe('application/wasm');
    expect(await (await get('clock')).text()).toBe('1234.5');
  });

  it('serves models that were offered and no other file', async () => {
    expect((await get('file/0')).status).toBe(404);
    const url = server.offer(join(folder, 'model.onnx'));
    expect(await (await fetch(url)).text()).toBe('model');
    expect((await get('code/secret.json')).status).toBe(404);
    const { pathname } = new URL(server.url);
    expect(await rawStatus(`${pathname}code/../model.onnx`)).toBe(404);
    expect(await rawStatus(`${pathname}code/..%2fmodel.js`)).toBe(404);
    expect(await rawStatus(`${pathname}code//etc/x.js`)).toBe(404);
  });

  it('answers nobody who does not know the folder, nor by another name', async () => {
    const { pathname, host, port } = new URL(server.url);
    expect(await rawStatus('/')).toBe(404);
    expect(await rawStatus('/clock')).toBe(404);
    expect(await rawStatus(pathname, { host })).toBe(200);
    // A site whose name was bent to 127.0.0.1.
    expect(await rawStatus(pathname, { host: `evil.example:${port}` })).toBe(404);
  });

  it('hands out messages in their order, to a page that waits and to one that comes later', async () => {
    const waiting = get('next');
    server.send(new TextEncoder().encode('first'));
    server.send(new TextEncoder().encode('second'));
    expect(await (await waiting).text()).toBe('first');
    expect(await (await get('next')).text()).toBe('second');
  });

  it('passes on what the page posts', async () => {
    await fetch(`${server.url}answer`, { method: 'POST', body: 'an answer' });
    await fetch(`${server.url}event`, { method: 'POST', body: 'an event' });
    expect({ answers, events }).toEqual({ answers: ['an answer'], events: ['an event'] });
  });

  it('closes while a page waits', async () => {
    const waiting = get('next').then(
      () => 'answered',
      () => 'cut off',
    );
    // The request is on its way by the time of this one's answer.
    await get('clock');
    await server.close();
    expect(await waiting).toBe('cut off');
    server = await PageServer.start({
      codeFolder: '',
      runtimeFolder: '',
      nowMs: () => 0,
      onAnswer: () => undefined,
      onEvent: () => undefined,
    });
  });
});
