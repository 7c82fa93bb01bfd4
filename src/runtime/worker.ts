import { attach, detach, SideChannel } from './side-channel.ts';
import type { WorkerReply, WorkerRequest } from './worker-protocol.ts';
import { WorkerState } from './worker-state.ts';

/**
 * Entry of the measuring process. `session.run` blocks its thread, so each session has a process of its own that can
 * be killed. It ends with its parent; the parent alone decides what Ctrl-C means.
 */
function reply(message: WorkerReply): void {
  process.send?.(message);
}

const channel = SideChannel.onDescriptor(4);

async function answer(request: WorkerRequest): Promise<void> {
  try {
    // What was sent is a request, its arrays put back in their places.
    const whole = (await attach(request, channel)) as WorkerRequest;
    const { message, parts } = detach(await state.answer(whole));
    process.send?.({ kind: 'done', result: message });
    channel.write(parts);
    // Of all the calls this one comes by the thousand, and keeps nothing of what it was given.
    if (whole.call === 'runLoaded') for (const { data } of Object.values(whole.argument.feeds)) channel.recycle(data);
  } catch (error) {
    reply({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
  }
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
let turn = Promise.resolve();
process.on('message', (request: WorkerRequest) => {
  turn = turn.then(() => answer(request));
});
