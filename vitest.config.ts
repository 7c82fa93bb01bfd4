import { defineConfig } from 'vitest/config';

const report = process.env['INFER_TEST_REPORT'];
/** Whole processes on two shared cores: generous, for no test asserts wall-clock time. */
const testTimeout = 60_000;

export default defineConfig({
  test: {
    // As many as there are cores: one fewer, the usual, leaves half of a small machine idle.
    maxWorkers: '100%',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/{device,readme}/**'], testTimeout } },
      { test: { name: 'device', include: ['test/device/**/*.test.ts'], testTimeout: 300_000, fileParallelism: false } },
      { test: { name: 'readme', include: ['test/readme/**/*.test.ts'], testTimeout: 300_000, fileParallelism: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in a child process or are types only: what they do is tested through the child.
      exclude: ['src/runtime/worker.ts', 'src/index.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        lines: 85,
        'src/{bench,doctor,inspect,optimize,quantize,compute,data,stats,onnx,result,report}/**/*.ts': { lines: 90 },
      },
    },
  },
});
