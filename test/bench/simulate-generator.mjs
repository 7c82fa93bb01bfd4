// Sends requests to simulate-server.mjs from a thread of its own, so that the server is only told, never kept from its
// work. Gaps are exponential; what counts is when a request was really sent, and that is written down beside it.
import { workerData } from 'node:worker_threads';
import { createRandom } from '../../dist/stats/seeded-random.js';

/** The system's clock itself: each thread reckons its own offset for `performance.now()`, and they differ. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

const { control, sentMs, ratePerMs, seed, slots } = workerData;
const random = createRandom(seed, 'arrivals');
let dueMs = nowMs();
for (let sent = 0; sent < sentMs.length && Atomics.load(control, slots.stop) === 0;) {
  dueMs -= Math.log(1 - random.next()) / ratePerMs;
  for (let left = dueMs - nowMs(); left > 0; left = dueMs - nowMs()) {
    if (Atomics.wait(control, slots.stop, 0, left) === 'not-equal') break;
  }
  sentMs[sent] = nowMs();
  sent += 1;
  Atomics.store(control, slots.sent, sent);
}
