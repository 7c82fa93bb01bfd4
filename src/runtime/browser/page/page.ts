import { pageRoutes } from '../page-protocol.ts';
import type { PageEvent, PageReply, PageRequest } from '../page-protocol.ts';
import { packParcel, unpackParcel } from '../parcel.ts';
import { bestClockOffsetMs } from './clock-offset.ts';
import { tapConsole } from './console-tap.ts';
import { pageGlobals } from './page-globals.ts';
import { PageState } from './page-state.ts';

/** Entry of the page. It asks the server for calls and posts its answers, until the server or the browser ends it. */
const folder = new URL('.', pageGlobals.location.href).href;

const aliveEveryMs = 1000;
let aliveMs = 0;

const state = new PageState({
  runtimeUrl: `${folder}ort/`,
  gpu: pageGlobals.navigator.gpu,
  console: tapConsole(globalThis.console),
  clockOffsetMs: () =>
    bestClockOffsetMs({
      readRemoteMs: async () => Number(await (await fetch(folder + pageRoutes.clock)).text()),
      now: () => performance.now(),
    }),
  onAlive: (nowMs) => {
    if (nowMs - aliveMs < aliveEveryMs) return;
    aliveMs = nowMs;
    tell({ kind: 'alive' });
  },
  onAdapterLost: (problem) => tell({ kind: 'adapter-lost', problem }),
});

function tell(event: PageEvent): void {
  void post(pageRoutes.event, event).catch(() => undefined);
}

function post(route: string, message: PageEvent | PageReply): Promise<Response> {
  return fetch(folder + route, { method: 'POST', body: packParcel(message) });
}

async function answer(request: PageRequest): Promise<PageReply> {
  try {
    return { kind: 'done', result: await state.answer(request) };
  } catch (error) {
    return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}

async function serve(): Promise<void> {
  for (;;) {
    const response = await fetch(folder + pageRoutes.next);
    // What the server sends is a request.
    const request = unpackParcel(new Uint8Array(await response.arrayBuffer())) as PageRequest;
    await post(pageRoutes.answer, await answer(request));
  }
}

// The server is gone when this process has what it wanted.
serve().catch((error: unknown) => tell({ kind: 'broken', problem: String(error) }));
