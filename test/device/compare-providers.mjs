// How far the outputs of models on WebGPU are from the CPU's, as JSON: node compare-providers.mjs MODEL...
// Each has one float input `x` of a fixed shape and one output `y`.
import ort from 'onnxruntime-node';

const apart = [];
for (const path of process.argv.slice(2)) {
  const outputs = [];
  for (const provider of ['cpu', 'webgpu']) {
    const session = await ort.InferenceSession.create(path, { executionProviders: [provider], logSeverityLevel: 3 });
    const dims = session.inputMetadata[0].shape;
    const length = dims.reduce((product, dim) => product * dim, 1);
    // No two channels are alike.
    const data = Float32Array.from({ length }, (_, at) => Math.sin(at));
    const { y } = await session.run({ x: new ort.Tensor('float32', data, dims) });
    outputs.push(y.data);
    await session.release();
  }
  const [cpu, webgpu] = outputs;
  apart.push(cpu.reduce((most, value, at) => Math.max(most, Math.abs(value - webgpu[at])), 0));
}
console.log(JSON.stringify(apart));
