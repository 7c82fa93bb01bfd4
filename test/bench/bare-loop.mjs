// What anyone would write: load, warm up, time a loop. Prints the median in ms. Peer of `infer bench`'s block.
import ort from 'onnxruntime-node';

const [path, input, dims, warmUpMs, minMs] = process.argv.slice(2);
const shape = dims.split('x').map(Number);
const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => (at % 97) / 97);
const session = await ort.InferenceSession.create(path, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
});
const feeds = { [input]: new ort.Tensor('float32', data, shape) };
const warmUntil = performance.now() + Number(warmUpMs);
while (performance.now() < warmUntil) await session.run(feeds);
// The garbage of loading is no part of the loop: infer collects it there as well.
globalThis.gc?.();
const times = [];
const until = performance.now() + Number(minMs);
while (performance.now() < until) {
  const start = performance.now();
  await session.run(feeds);
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
console.log(times[Math.floor(times.length / 2)]);
