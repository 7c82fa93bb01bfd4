import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/errors.ts';
import { inspectResultSchema } from '../../src/inspect/inspect-result.ts';
import type { InspectResult } from '../../src/inspect/inspect-result.ts';
import { insteadOfLoading, OptimizingRuntime } from '../commands/optimizing.ts';
import { linearModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import type { Outcome, World } from './buffered-io.ts';
import { classifier, voiceDetector } from './real-models.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('linear.onnx', linearModel());
const unknown = files.write('unknown.onnx', unknownOperatorModel());
const bound = ['--dim', 'x#0=1', '--dim', 'x#2=48', '--dim', 'x#3=192'];

function inspect(words: readonly string[], world: World = {}): Promise<Outcome> {
  return runInfer(['inspect', ...words], { runtime: new OptimizingRuntime(), ...world });
}

const parse = (text: string): InspectResult => inspectResultSchema.parse(JSON.parse(text));
const read = async (words: readonly string[]) => parse((await inspect([...words, '--json'])).stdout);

describe('infer inspect', () => {
  it('draws a table and says nothing else', async () => {
    const { exitCode, stdout, stderr } = await inspect([model, '--dim', 'batch=2']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^.*linear\.onnx: \d+ B\n/);
    // x·W of [2, 4] and [4, 3].
    expect(stdout).toMatch(/MACs +24\n/);
    expect(stdout).not.toMatch(/^Layers$|^Graph$/m);
  });

  it('adds layers and tree when asked', async () => {
    const { stdout } = await inspect([classifier, ...bound, '--tree', '--details']);
    expect(stdout).toMatch(/^Layers$/m);
    expect(stdout).toMatch(/^Graph$/m);
    expect(stdout).toMatch(/MACs +[\d,]+ \([\d.]+ M\)/);
  });

  it('gives all of it as JSON, at the lengths that are given', async () => {
    const result = await read([classifier, ...bound]);
    expect(result).toMatchObject({
      command: ['infer', 'inspect', classifier, ...bound, '--json'],
      outputs: [{ declared: [expect.any(String), 2], shape: [1, 2] }],
      macs: { unknown: { shape: 0, tripCount: 0, operator: 0 } },
      verification: { status: 'skipped' },
    });
    expect(result.layers.listed).toHaveLength(result.layers.total);
    const open = await read([classifier]);
    expect(open.warnings.map(({ code }) => code)).toContain('dimensions-open');
  });

  it('gives the layers as CSV', async () => {
    const { stdout } = await inspect([classifier, '--format', 'csv']);
    expect(stdout.split('\r\n')).toHaveLength((await read([classifier])).layers.total + 2);
  });

  it('cuts lists at --top', async () => {
    const { stdout } = await inspect([classifier, '--top', '2']);
    expect(stdout).toMatch(/^ +… 16 more operators$/m);
    expect(stdout).toMatch(/^ +… 248 more constants$/m);
  });

  it('shows the tree of a graph with modules and branches', async () => {
    const { stdout } = await inspect([voiceDetector, '--tree']);
    expect(stdout).toMatch(/^ +├─ If 'If_0' +345 /m);
    expect(stdout).toMatch(/^ +│ {2}├─ then_branch +172 /m);
    expect(stdout).toMatch(/reparam_conv\/Conv/);
  });

  it('writes a file that infer report draws again', async () => {
    const path = join(files.folder, 'result.json');
    const direct = await inspect([voiceDetector, '-o', path]);
    expect(direct.stdout).toContain('silero_vad.onnx');
    expect(parse(readFileSync(path, 'utf8')).model.path).toBe(voiceDetector);
    expect((await runInfer(['report', path])).stdout).toBe(direct.stdout);
    const tree = await runInfer(['report', path, '--tree', '--top', '1']);
    expect(tree.stdout).toMatch(/^Graph$/m);
    const markdown = await runInfer(['report', path, '--format', 'markdown', '--details']);
    expect(markdown.stdout).toMatch(/^### Layers$/m);
  });

  it('reads the config', async () => {
    const config = files.write('c.yaml', `inspect: { models: ['${model}'], dim: { batch: 3 }, top: 1, format: json }`);
    const { stdout } = await inspect(['--config', config], { cwd: files.folder });
    expect(parse(stdout)).toMatchObject({ dims: { batch: 3 }, macs: { total: 3 * 4 * 3 } });
    const flagged = await inspect(['--config', config, '--dim', 'batch=1', '--format', 'table'], { cwd: files.folder });
    expect(flagged.stdout).toMatch(/MACs +12\n/);
    expect(flagged.stdout).toContain('… 1 more operator\n');
  });
});

describe('--verify', () => {
  it('says that the runtime loads the model', async () => {
    const { exitCode, stdout } = await inspect([model, '--verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('onnxruntime 1.30.0 loads the model\n');
  });

  it('shows what there is and exits 3 when the model is refused', async () => {
    const path = join(files.folder, 'refused.json');
    const { exitCode, stdout, stderr } = await inspect([unknown, '--verify', '-o', path]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('onnxruntime 1.30.0 does not take the model');
    expect(stdout).toMatch(/^! 1 node of domain 'com\.example' \(Frobnicate\) needs a library/m);
    expect(stderr).toMatch(/^error: .*com\.example\.Frobnicate.*\n$/);
    expect(parse(readFileSync(path, 'utf8')).verification.status).toBe('failed');
    expect((await inspect([unknown])).exitCode).toBe(0);
  });

  it('exits 4 when the runtime dies of it', async () => {
    const runner = insteadOfLoading(() => {
      throw new RuntimeError('process-crashed', { model, stage: 'load', signal: 'SIGSEGV', exitCode: null });
    });
    const { exitCode, stdout, stderr } = await inspect([model, '--verify'], {
      runtime: new OptimizingRuntime({}, runner),
    });
    expect(exitCode).toBe(4);
    expect(stdout).toContain('does not take the model');
    expect(stderr).toContain('died of signal SIGSEGV');
  });

  it('ends with Ctrl-C', async () => {
    let interrupt: () => void = () => undefined;
    const runtime = scriptedRuntime();
    runtime.openRunner = (_options, signal) => {
      interrupt();
      signal?.throwIfAborted();
      throw new Error('the signal was not handed on');
    };
    const world = { runtime, onInterrupt: (callback: () => void) => void (interrupt = callback) };
    expect((await inspect([model, '--verify'], world)).exitCode).toBe(130);
  });
});

describe('bad input', () => {
  const text = files.write('text.onnx', 'this is not a model');
  const cut = files.write('cut.onnx', linearModel().subarray(0, 90));

  it.each([
    [[], 2, /^error: MODEL is missing/],
    [['nope.onnx'], 2, /no such file/],
    [[files.folder], 2, /is a folder/],
    [[model, '--dim', 'bacth=2'], 2, /did you mean 'batch'\?/],
    [[model, '--dim', 'batch=-1'], 2, /'-1' is not a whole number from 0 on/],
    [[model, '--dim', 'batch'], 2, /NAME=VALUE/],
    [[model, '--dim', 'batch=1', '--dim', 'x#0=2'], 2, /given as 1 and as 2/],
    [[model, '--top', '0'], 2, /--top/],
    [[model, '--format', 'xml'], 2, /table, json, csv, markdown/],
    [[model, '-o', 'result.pdf'], 2, /result\.pdf/],
    [[model, model], 2, /too many arguments/],
    [[text], 3, /text\.onnx/],
    [[cut], 3, /cut\.onnx/],
  ])('%j', async (words, code, sentence) => {
    const { exitCode, stdout, stderr } = await inspect(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    expect(existsSync('result.pdf')).toBe(false);
  });

  it('never writes the result over the model', async () => {
    const { exitCode, stderr } = await inspect([model, '--format', 'json', '-o', model]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('linear.onnx cannot be written');
    expect(readFileSync(model)).toEqual(Buffer.from(linearModel()));
  });
});
