import { defineConfig } from 'vitest/config';

const report = process.env['INFER_TEST_REPORT'];
/** Whole processes on two shared cores: generous, for no test asserts wall-clock time. */
const testTimeout = 60_000;

/** Draws of properties are fixed, and large arrays compared quickly. */
const setupFiles = ['test/fixed-seed.ts', 'test/quick-equality.ts'];

const unit = ['test/**/*.test.ts'];

/** Files that replace modules or timers, or that look at the process they run in: each has one of its own. */
const apart = [
  'test/cli/{gate-bad-input,gate-request,prune-bad-input,prune-request,quantize-request}.test.ts',
  'test/compute/training/gradient-check.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/runtime/{worker-process,workplace}.test.ts',
];

export default defineConfig({
  test: {
    // As many as there are cores: one fewer, the usual, leaves half of a small machine idle.
    maxWorkers: '100%',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      // One process for many files: starting one and loading the sources again for each takes half of the time.
      {
        test: {
          name: 'unit',
          include: unit,
          exclude: ['test/{device,e2e,readme}/**', ...apart],
          testTimeout,
          isolate: false,
          setupFiles,
        },
      },
      { test: { name: 'apart', include: apart, testTimeout, setupFiles } },
      // The built binary, spawned, measured and killed as users do.
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout } },
      // What takes a browser, a software GPU or minutes of training.
      { test: { name: 'device', include: ['test/device/**/*.test.ts'], testTimeout: 300_000 } },
      { test: { name: 'readme', include: ['test/readme/**/*.test.ts'], testTimeout: 300_000, fileParallelism: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in a child process or are types only: what they do is tested through the child.
      exclude: ['src/runtime/{worker,serve/load-generator}.ts', 'src/index.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        lines: 85,
        'src/{bench,doctor,inspect,optimize,quantize,compute,data,stats,onnx,result,report}/**/*.ts': { lines: 90 },
      },
    },
  },
});
