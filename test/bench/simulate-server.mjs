// A small inference server: one replica that takes what waits, up to a batch, whenever it is free. Started by
// simulate.mjs as a process of its own; writes what happened to a file, as JSON. Between stretches of serving it
// measures how long batches take, with the requests still being sent and thrown away.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { openOnnxSession, toFeeds } from '../../dist/runtime/onnxruntime.js';
import { createRandom } from '../../dist/stats/seeded-random.js';

const task = JSON.parse(process.argv[2]);
const { input, itemDims, maxBatch, queueDelayMs, batches, seed } = task;
/** The system's clock, which simulate-generator.mjs reads too. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const slots = { stop: 0, sent: 1 };
const itemLength = itemDims.reduce((product, dim) => product * dim, 1);
const session = await openOnnxSession({
  modelPath: task.model,
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
});

/** What requests carry. Several, so that no batch finds its inputs in the cache because the last one had the same. */
const random = createRandom(seed, 'inputs');
const items = Array.from({ length: 32 }, () => Float32Array.from({ length: itemLength }, () => random.next()));

/** Feeds by batch, made once; a request's data is copied into its row. */
const feedsOf = Array.from({ length: maxBatch + 1 }, (_, batch) => {
  const data = new Float32Array(batch * itemLength);
  return {
    data,
    feeds: batch === 0 ? null : toFeeds({ [input]: { type: 'float32', dims: [batch, ...itemDims], data } }),
  };
});

/** What a server does with a batch: collects its requests, runs the model, hands the answers out. */
async function serveBatch(first, size) {
  const { data, feeds } = feedsOf[size];
  for (let row = 0; row < size; row++) data.set(items[(first + row) % items.length], row * itemLength);
  const [output] = Object.values(await session.run(feeds));
  return output.data.subarray(0, output.data.length / size);
}

async function timed(first, size) {
  const startMs = nowMs();
  await serveBatch(first, size);
  return nowMs() - startMs;
}

/** Times of batches of each size, one after another: as a bench takes them, with the model warm in the caches. */
async function closedBlock() {
  const block = [];
  for (const batch of random.shuffle(batches)) {
    for (let run = 0; run < 2; run++) await serveBatch(run, batch);
    const times = [];
    const untilMs = nowMs() + task.blockMs;
    while (nowMs() < untilMs || times.length < 5) times.push(await timed(times.length * batch, batch));
    block.push({ batch, times });
  }
  return block;
}

/**
 * Times of batches as serving has them: whatever waits is taken, so that each batch is preceded by the idleness and by
 * the sizes that are usual at this load, which decide what its caches hold. One of eight is of a size drawn instead, for
 * the curve to know the sizes that are rare here.
 */
async function mixedBlock(sending) {
  const times = new Map(batches.map((batch) => [batch, []]));
  const isShort = () => [...times.values()].some(({ length }) => length < 5);
  const untilMs = nowMs() + task.blockMs * batches.length;
  let taken = sending.sent();
  while (nowMs() < untilMs || isShort()) {
    while (sending.sent() === taken);
    const waiting = sending.sent() - taken;
    const size = random.next() < 1 / 8 ? random.shuffle(batches)[0] : Math.min(waiting, maxBatch);
    const took = await timed(taken, size);
    times.get(size)?.push(took);
    taken += Math.min(waiting, size);
  }
  return batches.map((batch) => ({ batch, times: times.get(batch) }));
}

function startSending({ ratePerMs, capacity }) {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const sentMs = new Float64Array(new SharedArrayBuffer(8 * capacity));
  const workerData = { control, sentMs, ratePerMs, seed, slots };
  const worker = new Worker(new URL('simulate-generator.mjs', import.meta.url), { workerData });
  return {
    sentMs,
    sent: () => Atomics.load(control, slots.sent),
    begun: () => new Promise((resolve) => worker.once('online', resolve)),
    stop: async () => {
      Atomics.store(control, slots.stop, 1);
      Atomics.notify(control, slots.stop);
      await new Promise((resolve) => worker.once('exit', resolve));
    },
  };
}

/** Serves whatever is sent from now on for so long, to the last answer. */
async function serve(sending, lengthMs) {
  const { sentMs, sent } = sending;
  const served = { arrivalsMs: [], startsMs: [], endsMs: [], sizes: [] };
  const begun = sent();
  const untilMs = nowMs() + lengthMs;
  let taken = begun;
  let last = Number.POSITIVE_INFINITY;
  for (let polls = 0; ; polls++) {
    // It polls: falling asleep and being woken up would be part of a latency and of no service time. Reading the clock
    // makes garbage, which would push the model out of the caches, so it is left alone while nothing waits.
    const known = Math.min(sent(), last);
    const waiting = known - taken;
    if (waiting === 0 && last > known && polls % 1024 !== 0) continue;
    const startMs = nowMs();
    if (startMs >= untilMs && last > known) last = known;
    if (taken >= last) break;
    if (waiting === 0 || (waiting < maxBatch && startMs < sentMs[taken] + queueDelayMs)) continue;
    const size = Math.min(waiting, maxBatch);
    await serveBatch(taken, size);
    served.startsMs.push(startMs);
    served.endsMs.push(nowMs());
    served.sizes.push(size);
    taken += size;
  }
  served.arrivalsMs = [...sentMs.subarray(begun, taken)];
  return served;
}

/**
 * Milliseconds that others took, where the system tells: this thread was ready to run and kept from it, or a host took
 * the processors away from the machine.
 */
function takenMs() {
  const [thread, machine] = ['/proc/thread-self/schedstat', '/proc/stat'].map((file) =>
    existsSync(file) ? readFileSync(file, 'utf8') : '',
  );
  const waitedNs = Number(thread.split(' ')[1] ?? 0);
  const stolenTicks = Number(/^cpu +(?:\d+ ){7}(\d+)/.exec(machine)?.[1] ?? 0);
  return waitedNs / 1e6 + 10 * stolenTicks;
}

/** A block of either curve and a stretch of serving, and the share of their time that others took. */
async function stretch(sending) {
  const [begunMs, begunTakenMs] = [nowMs(), takenMs()];
  const closed = await closedBlock();
  const mixed = await mixedBlock(sending);
  const served = await serve(sending, task.stretchMs);
  return { closed, mixed, served, disturbed: (takenMs() - begunTakenMs) / (nowMs() - begunMs) };
}

/** One load. As in a bench, what was disturbed is taken again; of all, those least disturbed are kept. */
async function runLoad(load) {
  const times = [];
  for (let block = 0; block < 5; block++) {
    for (const { batch, times: taken } of await closedBlock()) if (batch === maxBatch) times.push(...taken);
  }
  const fullBatchMs = times.toSorted((first, second) => first - second)[times.length >> 1];
  const ratePerMs = (load * maxBatch) / fullBatchMs;
  const most = (1 + task.repeats) * task.stretches;
  const blocksMs = 2 * batches.length * (task.blockMs + 10 * fullBatchMs);
  const sending = startSending({ ratePerMs, capacity: Math.ceil(2 * ratePerMs * most * (task.stretchMs + blocksMs)) });
  await sending.begun();
  const taken = [];
  const calm = () => taken.filter(({ disturbed }) => disturbed <= task.mostDisturbed).length;
  while (calm() < task.stretches && taken.length < most) taken.push(await stretch(sending));
  await sending.stop();
  const order = taken.toSorted((first, second) => first.disturbed - second.disturbed);
  return { load, stretches: order.slice(0, task.stretches), taken: taken.length };
}

for (let batch = 1; batch <= maxBatch; batch++) for (let run = 0; run < 3; run++) await serveBatch(run, batch);
const loads = [];
for (const load of random.shuffle(task.loads)) loads.push(await runLoad(load));
await session.release();
writeFileSync(task.output, JSON.stringify(loads));
