import { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { answerCalls } from '../answer-calls.ts';
import { firstRequestFd } from './request-fd.ts';
import { RequestIssuer } from './request-issuer.ts';

/** Above everything else: it runs for microseconds, and is of use only in time. */
const urgent = -15;

/**
 * Entry of the process that issues requests: it loads no model and runs none, so that nothing keeps it from its
 * schedule. Its file descriptors are the processes that answer, as many as its argument says.
 */
const issuer = new RequestIssuer(
  Array.from({ length: Number(process.argv[2]) }, (_, index) => new Socket({ fd: firstRequestFd + index })),
);

try {
  setPriority(urgent);
} catch {
  // Not for everybody. Whether requests were issued in time is measured either way.
}

answerCalls(async (request, onAlive) => {
  if (request.call !== 'issue') throw new Error(`${request.call} is not for the process that issues requests`);
  const alive = setInterval(() => onAlive(performance.now()), 250);
  try {
    return await issuer.issue(request.argument);
  } finally {
    clearInterval(alive);
  }
});
