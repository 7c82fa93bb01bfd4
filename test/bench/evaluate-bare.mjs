// What anyone would write: digits in memory, a loop over batches, the best class of each. Prints its time as JSON.
import ort from 'onnxruntime-node';

const [path, count, batch, threads] = process.argv.slice(2).map((word, i) => (i === 0 ? word : Number(word)));
const session = await ort.InferenceSession.create(path, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
});
const [{ name }] = session.inputMetadata;
const [output] = session.outputNames;
const batches = [];
for (let from = 0; from < count; from += batch) {
  const size = Math.min(batch, count - from);
  const pixels = Float32Array.from({ length: size * 784 }, (_, i) => ((from + i) * 31) % 256);
  batches.push({ [name]: new ort.Tensor('float32', pixels, [size, 1, 28, 28]) });
}
globalThis.gc?.();
const startMs = performance.now();
let sum = 0;
for (const feeds of batches) {
  const { data, dims } = (await session.run(feeds))[output];
  for (let row = 0; row < dims[0]; row++) {
    let best = 0;
    for (let i = 1; i < dims[1]; i++) if (data[row * dims[1] + i] > data[row * dims[1] + best]) best = i;
    sum += best;
  }
}
console.log(JSON.stringify({ ms: performance.now() - startMs, sum }));
