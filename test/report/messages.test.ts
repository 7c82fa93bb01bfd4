import { describe, expect, it } from 'vitest';
import type { BenchWarningDetails, SkipDetails } from '../../src/bench/bench-warning.ts';
import type { ErrorDetails } from '../../src/errors.ts';
import { DataError, ModelError, UsageError } from '../../src/errors.ts';
import { describeError, describeFinding } from '../../src/report/messages/message.ts';

const errors: { readonly [C in keyof ErrorDetails]: ErrorDetails[C] } = {
  'missing-argument': { flag: 'MODEL', what: 'the path of an .onnx file' },
  'bad-value': { flag: '--threads', value: 'two', expected: 'a whole number above 0' },
  'bad-list': { flag: '--batch', value: '1,,2', problem: 'an empty entry' },
  'unknown-name': { what: '--ep', value: 'cuad', known: ['cpu', 'webgpu', 'cuda', 'tensorrt'] },
  'file-missing': { path: 'nope.onnx', what: 'model' },
  'is-directory': { path: 'models', what: 'model' },
  'file-unreadable': { path: 'm.onnx', problem: 'EACCES' },
  'output-unwritable': { path: '/ro/out.json', problem: 'read-only file system.' },
  'output-exists': { path: 'model.optimized.onnx' },
  'config-invalid': {
    path: 'infer.config.json',
    key: 'bench.batchs',
    problem: 'unknown key',
    known: ['batch', 'threads'],
  },
  'unbound-dimension': {
    model: 'pp-ocr.onnx',
    input: 'x',
    axis: 2,
    dimension: 'p2o.DynamicDimension.1',
    others: [],
  },
  'unknown-dimension': { dimension: 'sequence', known: ['batch', 'sequences'] },
  'unknown-input': { input: 'imag', known: ['image'] },
  'shape-mismatch': { input: 'x', given: [1, 3], declared: ['N', 3, 224, 224] },
  'dimension-conflict': { dimension: 'seq', first: 128, second: 64 },
  'input-value-needed': { input: 'sr', type: 'int64' },
  'results-mixed': { path: 'doctor.json', kind: 'doctor' },
  'output-unclear': { model: 'm.onnx', known: ['boxes', 'scores'] },
  'inputs-unlike': {
    model: 'int8.onnx',
    reference: 'm.onnx',
    input: 'x',
    found: 'float32[batch, 3]',
    expected: 'float32[batch, 4]',
  },
  'outputs-unlike': { model: 'int8.onnx', reference: 'm.onnx', output: 'y', found: '[2, 10]', expected: '[2, 9]' },
  'package-missing': { package: '@huggingface/tokenizers', purpose: 'to split texts into tokens' },
  'nothing-fits-cores': { least: 4, cores: 2 },
  'context-exceeded': { model: 'lm.onnx', prompt: 512, generated: 64, limit: 512 },
  'checkpoint-unlike': { path: 's.onnx.checkpoint', differs: ['lr 0.001, here 0.01'] },
  'load-writes-text': { model: 'lm.onnx' },
  'rate-unissuable': { asked: '1000000/s', requests: 10_000_000, durationMs: 10_000, most: 2_000_000 },
  'flags-conflict': { flag: '--keep-io', other: '--int8', problem: 'only float16 changes the types of outputs' },
  'scheme-missing': { flags: ['--int8', '--int4', '--int8-weights', '--fp16'] },
  'prune-missing': { flags: ['--channels', '--heads', '--max-drop'] },
  'score-needs-data': { flag: '--score', score: 'wifv', others: ['l2', 'l1', 'random'] },
  'exclude-matches-nothing': { pattern: '/conv9', known: ['/conv1', '/conv2'] },
  'target-unsupported': { wanted: '--int4', target: 'tensorrt', problem: 'it has no MatMulNBits' },
  'no-models': { folder: '/repo' },
  'files-differ': { paths: ['infer.config.yaml'] },
  'cost-workflow-unserved': { path: 'agent.yaml', step: 'read', model: 'cnn.onnx', perSecond: 40 },
  'git-missing': { folder: '/repo' },
  'git-no-repository': { ref: 'git:main:m.onnx', folder: '/tmp' },
  'git-ref-unknown': { ref: 'git:mian:m.onnx', name: 'mian', shallow: false, known: ['main'] },
  'git-path-missing': { ref: 'git:main:n.onnx', path: 'n.onnx', commit: '0123456789abcdef', known: ['m.onnx'] },
  'git-not-a-file': { ref: 'git:main:m.onnx', path: 'm.onnx', kind: 'link' },
  'git-failed': { folder: '/repo', problem: 'fatal: detected dubious ownership.' },
  'head-unsuited': { path: 'main.json', scenario: 'digits' },
  'journal-missing': { path: '.infer/gate.jsonl' },
  'journal-unlike': { path: '.infer/gate.jsonl', differs: ['head of digits', 'alpha'] },
  'scenario-repeated': { name: 'digits' },
  'scenario-without-rules': { name: 'digits' },
  'base-unsuited': { path: 'doctor.json', kind: 'doctor' },
  'cost-result-unsuited': { path: 'gate.json', kind: 'gate' },
  'cost-model-unclear': { flag: '--route', value: 'int8', matches: [], known: ['fp32.onnx', 'int8.onnx'] },
  'cost-objective-unreachable': { percentile: 99, limitMs: 4, aloneMs: 4.75, instance: 'c7i.2xlarge' },
  'cost-load-too-large': { perSecond: 1e9, machines: 10_000 },
  'gate-locked': {
    path: '/tmp/infer-gate.lock',
    pid: 7,
    since: '2026-11-28T12:00:00.000Z',
    folder: '/repo',
    waitedMs: 60_000,
  },
  'model-empty': { path: 'empty.onnx' },
  'model-not-onnx': { path: 'm.pt', looksLike: 'a PyTorch checkpoint' },
  'model-truncated': {
    path: 'm.onnx',
    sizeBytes: 1000,
    offset: 990,
    problem: 'a field of 300 bytes starts here, 290 of them are missing',
  },
  'model-unsupported-operator': { path: 'm.onnx', operator: 'Foo', domain: '', opset: '17', node: 'foo_1' },
  'model-rejected': { path: 'm.onnx', problem: 'Load model failed.' },
  'model-input-unsupported': { path: 'm.onnx', input: 'text', problem: 'it is a sequence of strings' },
  'model-malformed': { path: 'm.onnx', offset: 17, problem: 'a field has wire type 7, which does not exist' },
  'model-invalid': { path: 'm.onnx', where: "node 'conv_1'", problem: "nothing makes its input 'x'" },
  'model-external-data': {
    path: 'm.onnx',
    tensor: 'w',
    location: '../../etc/passwd',
    problem: 'it leads out of the folder',
  },
  'model-too-large': { path: 'm.onnx', sizeBytes: 3_200_000_000, problem: 'its folder cannot be written to' },
  'opset-unsupported': {
    path: 'm.onnx',
    operator: 'Scan',
    node: 'scan_1',
    from: 8,
    to: 21,
    problem: 'its inputs changed',
  },
  'batch-fixed': { path: 'm.onnx', operator: 'Reshape', node: 'flat', problem: 'its shape names the batch' },
  'distill-mismatch': {
    student: 's.onnx',
    teacher: 't.onnx',
    problem: "their inputs: 'x' float32[batch, 3] and 'y' float32[batch, 4]",
  },
  'nothing-to-train': { path: 's.onnx', reasons: ["'w' is int8"] },
  'loss-not-finite': { student: 's.onnx', teacher: 't.onnx', sample: 'x.npz[3]' },
  'nothing-to-quantize': { path: 'm.onnx', reasons: { 'too-small': 2, 'no-integer-kernel': 1 } },
  'already-quantized': { path: 'm.int8.onnx', node: '/conv1/Conv', operator: 'QLinearConv' },
  'nothing-to-prune': {
    path: 'm.onnx',
    wanted: ['channels', 'neurons'],
    locks: { 'graph-output': 'logits', normalized: '/ln' },
  },
  'blocks-carry-cache': { path: 'llm.onnx', blocks: 24, value: 'past_key_values.0.key' },
  'no-blocks': { path: 'm.onnx', asked: 3, removable: 1, locks: { 'shape-changes': 2 } },
  'cache-mismatch': {
    path: 'lm.onnx',
    input: 'past_key_values.0.key',
    output: 'present.0.key',
    problem: 'axis 1 is 8 in one and 4 in the other',
  },
  'not-a-decoder': { path: 'cnn.onnx', problem: 'no input takes token ids' },
  'model-in-lfs': { ref: 'git:main:m.onnx', name: 'main', problem: 'git-lfs is not installed' },
  'model-miscomputed': { path: 'm.onnx', ep: 'webgpu', node: '/conv', nodes: 2, channels: 129 },
  'data-missing': { path: 'data', problem: 'the folder is empty' },
  'data-malformed': { path: 'x.npy', offset: 6, problem: 'bad header' },
  'data-unsupported': { path: 'x.mat', problem: 'MATLAB' },
  'data-unknown-input': { path: 'x.npz', name: 'imag', known: ['image'] },
  'data-missing-input': { path: 'x.npz', input: 'mask', found: ['ids'] },
  'data-type-mismatch': { path: 'x.npy', input: 'ids', found: 'float32', expected: 'int64' },
  'data-shape-mismatch': { path: 'x.npy', input: 'x', found: [3, 224], expected: ['N', 3, 224, 224] },
  'data-not-finite': { path: 'x.npz', input: 'image', sample: 17 },
  'token-unknown': { path: 'prompts.jsonl row 3', id: 600, model: 'lm.onnx', vocabulary: 512 },
  'label-mismatch': { path: 'x.npz[3]', found: 'a text', expected: 'a class' },
  'label-out-of-range': { path: 'x.npz[3]', label: 10, classes: 10 },
  'calibration-needed': { path: 'm.onnx', problem: '--method static takes ranges from samples' },
  'calibration-not-finite': { path: 'x.npz', value: '/exp', sample: 3 },
  'activations-not-finite': { path: 'x.npz', samples: 256, value: '/exp' },
  'calibration-cache-mismatch': { path: 'c.json', problem: 'its model has other weights' },
  'journal-malformed': { path: '.infer/gate.jsonl', problem: 'line 3 is no entry of a gate’s journal' },
  'baseline-malformed': { path: 'gate-baseline.json' },
  'result-malformed': { path: 'r.json', problem: 'the file is empty' },
  'cost-workflow-invalid': {
    path: 'agent.yaml',
    step: 'verify',
    key: 'fanout',
    problem: 'there is no such key',
    value: 'fanout',
    known: ['fanOut', 'retries'],
  },
  'cost-no-points': { path: 'bench.json', model: 'cnn.onnx', failed: 2, skipped: 1 },
  'cost-no-batches': {
    path: 'bench.json',
    model: 'cnn.onnx',
    batch: 1,
    ep: 'cpu',
    threads: 2,
    instances: 1,
    dims: { sequence: 16 },
  },
  'cost-prices-malformed': {
    path: 'prices.yaml',
    row: 'instances[1]',
    problem: "there is no field 'vcpu'",
    name: 'vcpu',
    known: ['vcpus', 'memoryGib'],
  },
  'trace-malformed': { path: 'trace.csv', line: 7, problem: 'the time of arrival is missing' },
  'result-too-new': { path: 'r.json', found: 2, supported: 1 },
  'provider-missing': { provider: 'cuda', reason: 'libcudart.so.12 was not found', cure: 'install CUDA 12' },
  'pin-impossible': { problem: 'no-taskset' },
  'session-failed': { model: 'm.onnx', provider: 'webgpu', problem: 'no adapter' },
  'run-failed': { model: 'm.onnx', provider: 'cpu', problem: 'index out of bounds' },
  'instances-apart': { model: 'm.onnx', instances: 8 },
  'logits-not-numbers': { model: 'lm.onnx' },
  'out-of-memory': { model: 'm.onnx', stage: 'load', problem: 'std::bad_alloc' },
  'process-crashed': { model: 'm.onnx', stage: 'measure', signal: 'SIGSEGV', exitCode: null },
  'process-timeout': { model: 'm.onnx', stage: 'warmUp', timeoutMs: 600_000 },
  'process-unstartable': { problem: 'EAGAIN' },
  'browser-died': { model: 'm.onnx', stage: 'measure', what: 'browser', browser: 'chromium 156.0' },
  'adapter-lost': { model: 'm.onnx', stage: 'run', problem: 'A valid external Instance reference no longer exists.' },
  'no-node-times': { provider: 'browser-wasm' },
  'verify-impossible': { model: 'm.onnx', problem: 'node foo is not implemented' },
  'training-too-large': { model: 's.onnx', batch: 1, neededBytes: 9e9, availableBytes: 4e9 },
};

const warnings: { readonly [C in keyof BenchWarningDetails]: BenchWarningDetails[C] } = {
  'noisy-machine': {
    dirtyBlocks: 2,
    blocks: 12,
    rules: ['steal', 'switches', 'clock'],
    stalledShare: null,
    stealShare: 0.042,
  },
  'repeated-blocks': { repeated: 2, blocks: 12 },
  'precision-missed': { points: 3, of: 4, worst: 0.07, wanted: 0.02, full: 2 },
  'budget-stretched': { budgetMs: 60_000, estimatedMs: 185_000 },
  'budget-shrunk-runs': { points: 3, runs: 12 },
  'budget-lost-rounds': { points: 2, rounds: 2, wanted: 5 },
  'warm-up-unsettled': { points: 1 },
  'tail-too-few-runs': { percentile: 99, needed: 299, points: 2 },
  'outputs-differ-from-cpu': { model: 'm.onnx', ep: 'webgpu', maxAbs: 0.5, maxRel: 0.1 },
  'outputs-differ-from-expected': { model: 'm.onnx', ep: 'cpu', output: 'y', maxAbs: 0.5 },
  'nodes-on-cpu': { model: 'm.onnx', ep: 'cuda', nodes: 3, of: 100 },
  'threads-over-cores': { threads: 4, instances: 2, cores: 4 },
  'littles-law-broken': { points: 1, worst: 0.2 },
  'pinning-lost': { points: 2 },
  'provider-skipped': { ep: 'cuda', reason: 'no driver', cure: 'install one' },
  'dimension-guessed': { model: 'm.onnx', dimension: 'seq', value: 128 },
  'inputs-guessed': { model: 'm.onnx', input: 'mask', values: 'ones' },
  'one-round': { rounds: 1 },
  'single-input': { model: 'm.onnx' },
  'cache-differs': { model: 'lm.onnx', ep: 'cpu', maxAbs: 0.5, maxRel: 0.1 },
  'text-differs': { model: 'lm.onnx', ep: 'cpu' },
  'gpu-busy': { device: 0, utilization: 0.37 },
  'gpu-throttled': { reason: 'power-cap', points: 2, worst: 0.4 },
  'gpu-unwatched': { device: 1, kind: 'ended', exitCode: 9, said: 'No devices were found' },
  'objective-below-service': { points: 2, percentile: 99, limitMs: 5, serviceMs: 7.5 },
  'load-generator-late': { asked: '900/s', lateMs: 12.5, limitMs: 2.5, requests: 9000 },
  'load-unstable': { asked: '1.2x', achievedPerSecond: 812, unanswered: 1200 },
  'objective-undecided': { asked: '50/s', percentile: 99, limitMs: 50, requests: 200, needed: 299 },
  'load-stalled': { runs: 1, worstMs: 512, usualMs: 1.02 },
  'load-disturbed': { runs: 1, of: 12, rules: ['stalled', 'steal'] },
  'max-rate-undecided': { perSecond: 612.5 },
  'max-rate-unissuable': { perSecond: 48_200 },
  'gpu-shared': { device: 0 },
};

const skips: { readonly [C in keyof SkipDetails]: SkipDetails[C] } = {
  'fixed-batch': { batch: 4, fixed: 1 },
  'no-batch-axis': { batch: 4 },
  'provider-unusable': { ep: 'cuda', reason: 'no driver', cure: 'install one' },
  'too-few-to-pin': { threads: 2, instances: 2, of: 2 },
  'beyond-context': { prompt: 512, generated: 64, limit: 512 },
  interrupted: {},
  'budget-exhausted': { budgetMs: 60_000 },
};

const all = [errors, warnings, skips].flatMap((record) => Object.entries(record));

describe('messages', () => {
  it('has a sentence for every code', async () => {
    const lines = all.map(([code, details]) => `${code}\n  ${describeFinding({ code, details })}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/messages.txt');
  });

  it.each(all)('%s is one clean line', (code, details) => {
    const sentence = describeFinding({ code, details });
    expect(sentence).not.toMatch(/\n|undefined|NaN|\[object|\. |[^.]\.$|;;| {2}/);
    expect(sentence).not.toContain('{"');
  });

  it('suggests the name that was meant', () => {
    expect(describeFinding({ code: 'unknown-name', details: errors['unknown-name'] })).toContain(
      "did you mean 'cuda'?",
    );
  });

  it('shows what another version wrote as it is, also when details are missing', () => {
    expect(describeFinding({ code: 'brand-new', details: { a: 1 } })).toBe('brand-new {"a":1}');
    expect(describeFinding({ code: 'toString', details: {} })).toBe('toString {}');
    expect(describeFinding({ code: 'unknown-name', details: {} })).toBe('unknown-name {}');
  });

  it.each(['outputs-differ-from-cpu', 'outputs-differ-from-expected'] as const)(
    '%s gives no size to a difference that has none',
    (code) => {
      const details = { ...warnings[code], maxAbs: Number.MAX_VALUE, maxRel: Number.MAX_VALUE };
      expect(describeFinding({ code, details })).toContain(
        'beyond measure (NaN or infinity, or another shape or type)',
      );
    },
  );

  it('neither lets a name of a model control the terminal nor fill it', () => {
    const where = `node '\u001B]0;title\u0007${'n'.repeat(1_000_000)}'`;
    const sentence = describeError(new ModelError('model-invalid', { path: 'm.onnx', where, problem: 'it is bad' }));
    expect(sentence).toMatch(
      /^m\.onnx is no valid ONNX model: node '\?\]0;title\?nnn.*…n*': it is bad; export it again$/,
    );
    expect(sentence.length).toBeLessThan(10_000);
  });

  it('repeats the lengths of written text by their own flags', () => {
    const dims = { prompt_tokens: 16, new_tokens: 64, depth: 3 };
    const sentence = describeFinding({ code: 'cost-no-batches', details: { ...errors['cost-no-batches'], dims } });
    expect(sentence).toContain('--prompt-tokens 16 --new-tokens 64 --dim depth=3');
  });

  it('asks a scalar for one value, not for 0 dimensions', () => {
    const details = { input: 'sr', given: [2], declared: [] };
    expect(describeFinding({ code: 'shape-mismatch', details })).toMatch(/; give a single value$/);
  });

  it('adds the hint to an error', () => {
    const error = new DataError(
      'result-too-new',
      { path: 'r.json', found: 2, supported: 1 },
      { hint: 'npm i -g infer.' },
    );
    expect(describeError(error)).toBe(
      'r.json has result format 2, and this version reads up to 1; update infer; npm i -g infer',
    );
    expect(describeError(new UsageError('results-mixed', errors['results-mixed']))).toContain('doctor.json');
  });
});
