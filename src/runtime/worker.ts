import type { WorkerReply, WorkerRequest } from './worker-protocol.ts';
import { WorkerState } from './worker-state.ts';

/**
 * Entry of the measuring process. `session.run` blocks its thread, so each session has a process of its own that can
 * be killed. It ends with its parent; the parent alone decides what Ctrl-C means.
 */
function reply(message: WorkerReply): void {
  process.send?.(message);
}

const aliveEveryMs = 500;
let aliveMs = 0;

const state = new WorkerState((nowMs) => {
  if (nowMs - aliveMs < aliveEveryMs) return;
  aliveMs = nowMs;
  reply({ kind: 'alive' });
});

process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (request: WorkerRequest) => {
  state.answer(request).then(
    (result) => reply({ kind: 'done', result }),
    (error: unknown) => reply({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) }),
  );
});
