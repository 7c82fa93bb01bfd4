import { attach, detach, SideChannel } from './side-channel.ts';
import type { WorkerCalls, WorkerReply, WorkerRequest } from './worker-protocol.ts';

type Answer = (
  request: WorkerRequest,
  onAlive: (nowMs: number) => void,
) => Promise<WorkerCalls[WorkerRequest['call']]['result']>;

const sideChannelFd = 4;
const aliveEveryMs = 500;

/**
 * Makes this process answer its parent's calls, in their order. It ends with its parent; the parent alone decides what
 * Ctrl-C means.
 */
export function answerCalls(answer: Answer): void {
  const channel = SideChannel.onDescriptor(sideChannelFd);
  const onAlive = every(aliveEveryMs, () => reply({ kind: 'alive' }));
  const answerOne = async (request: WorkerRequest): Promise<void> => {
    try {
      // What was sent is a request, its arrays put back in their places.
      const whole = (await attach(request, channel)) as WorkerRequest;
      const { message, parts } = detach(await answer(whole, onAlive));
      process.send?.({ kind: 'done', result: message });
      channel.write(parts);
      // Of all the calls this one comes by the thousand, and keeps nothing of what it was given.
      if (whole.call === 'runLoaded') for (const { data } of Object.values(whole.argument.feeds)) channel.recycle(data);
    } catch (error) {
      reply({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  };
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  let turn = Promise.resolve();
  process.on('message', (request: WorkerRequest) => {
    turn = turn.then(() => answerOne(request));
  });
}

function reply(message: WorkerReply): void {
  process.send?.(message);
}

/** At most once in so many ms of the caller's clock. */
function every(ms: number, act: () => void): (nowMs: number) => void {
  let lastMs = 0;
  return (nowMs) => {
    if (nowMs - lastMs < ms) return;
    lastMs = nowMs;
    act();
  };
}
