import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { pageRoutes } from './page-protocol.ts';

export interface PageServerOptions {
  /** Folder of the compiled sources, of which the page loads its own. */
  readonly codeFolder: string;
  /** Folder of onnxruntime-web's bundles. */
  readonly runtimeFolder: string;
  readonly nowMs: () => number;
  readonly onAnswer: (parcel: Uint8Array<ArrayBuffer>) => void;
  readonly onEvent: (parcel: Uint8Array<ArrayBuffer>) => void;
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

/** Both together isolate a page, which gives it a finer clock and shared memory, and let nothing in from elsewhere. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

const html = `<!doctype html>
<meta charset="utf-8">
<title>infer</title>
<link rel="icon" href="data:,">
<script type="module" src="code/runtime/browser/page/page.js"></script>
`;

/**
 * Serves one page all that it needs, its calls too, on the loopback interface and below a folder that nobody can guess.
 * Nothing leaves the machine.
 */
export class PageServer {
  readonly #options: PageServerOptions;
  readonly #server: Server;
  readonly #secret = randomBytes(16).toString('hex');
  readonly #files: string[] = [];
  readonly #queue: Uint8Array[] = [];
  #waiting: ServerResponse | null = null;
  #origin = '';

  private constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(options: PageServerOptions): Promise<PageServer> {
    const server = new PageServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const address = server.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    server.#origin = `127.0.0.1:${address.port}`;
    return server;
  }

  /** Of the page. */
  get url(): string {
    return `http://${this.#origin}/${this.#secret}/`;
  }

  /** Lets the page read a file; returns its URL. */
  offer(path: string): string {
    this.#files.push(path);
    return `${this.url}file/${this.#files.length - 1}`;
  }

  /** Hands the page its next message. */
  send(parcel: Uint8Array): void {
    this.#queue.push(parcel);
    this.#flush();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    const parcel = waiting === null ? undefined : this.#queue.shift();
    if (waiting === null || parcel === undefined) return;
    this.#waiting = null;
    waiting.writeHead(200, isolation).end(parcel);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#pathOf(request);
    if (path === null) return fail(response);
    if (path === '') return void response.writeHead(200, { ...isolation, 'content-type': 'text/html' }).end(html);
    if (request.method === 'POST') return this.#receive(path, { request, response });
    if (path === pageRoutes.clock) return void response.writeHead(200, isolation).end(String(this.#options.nowMs()));
    if (path !== pageRoutes.next) return this.#sendFile(path, response);
    this.#waiting = response;
    this.#flush();
  }

  /** Below the secret folder, and asked for by this very address: another site's name that leads here is not it. */
  #pathOf({ url = '', headers }: IncomingMessage): string | null {
    const prefix = `/${this.#secret}/`;
    return headers.host === this.#origin && url.startsWith(prefix) ? url.slice(prefix.length) : null;
  }

  async #receive(path: string, { request, response }: { request: IncomingMessage; response: ServerResponse }) {
    const parcel = await bodyOf(request);
    response.writeHead(204, isolation).end();
    if (path === pageRoutes.answer) this.#options.onAnswer(parcel);
    if (path === pageRoutes.event) this.#options.onEvent(parcel);
  }

  async #sendFile(path: string, response: ServerResponse): Promise<void> {
    const file = this.#fileOf(path);
    if (file === null) return fail(response);
    const { size } = await stat(file);
    const type = types[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    response.writeHead(200, { ...isolation, 'content-type': type, 'content-length': size });
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), response);
  }

  #fileOf(path: string): string | null {
    const offered = /^file\/(\d+)$/.exec(path)?.[1];
    if (offered !== undefined) return this.#files[Number(offered)] ?? null;
    // Plain names only: nothing leads out of the two folders.
    const [, folder, name] = /^(code|ort)\/((?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:js|mjs|wasm))$/.exec(path) ?? [];
    if (name === undefined) return null;
    return `${folder === 'code' ? this.#options.codeFolder : this.#options.runtimeFolder}/${name}`;
  }
}

function fail(response: ServerResponse): void {
  response.writeHead(404, isolation).end();
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
