import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { prune } from '../../src/commands/prune.ts';
import { blindUnitScores } from '../../src/prune/vocabulary.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { refused } from './optimize-trial.ts';
import { PruneTrial } from './prune-trial.ts';

vi.mock('../../src/commands/prune.ts', () => ({ prune: vi.fn<() => void>() }));

const files = temporaryFolder();
afterAll(files.remove);

let folder = '';
let trial = new PruneTrial('');
beforeEach(() => {
  folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new PruneTrial(folder);
  vi.mocked(prune).mockImplementation(trial.play);
});

const half = ['--channels', '0.5'];

describe('a mistake of usage is one sentence, and nothing is done', () => {
  it.each([
    // Nothing says what to do.
    [[], /nothing says what to prune: .*--channels, --heads, .*--target-macs, such as --channels 0\.25/],
    [['--score', 'l1'], /nothing says what to prune/],
    // Shares that are none, or leave nothing.
    [['--channels', '1'], /--channels: '1' is not a share to remove below 1 \(nothing would be left\)/],
    [['--channels', '100%'], /--channels: '100%' is not .*nothing would be left/],
    [['--channels', '50'], /--channels: '50' is not a share to remove below 1/],
    [['--channels', 'half'], /--channels: 'half' is not a share to remove, such as 0\.5 or 50%/],
    [['--channels=-0.5'], /--channels: '-0\.5' is not a share to remove/],
    [['--heads', '1.0'], /--heads: '1\.0' is not .*nothing would be left/],
    [['--width', '2'], /--width: '2' is not .*nothing would be left/],
    [['--layers', '0'], /--layers: '0' is not a whole number from 1 on/],
    [['--layers', '1.5'], /--layers: '1\.5' is not a whole number/],
    [['--sparsity', '1'], /--sparsity: '1' is not .*nothing would be left/],
    [['--sparsity', '4:4'], /--sparsity: '4:4' is not a pattern N:M with 1 <= N < M/],
    [['--sparsity', '0:4'], /--sparsity: '0:4' is not a pattern/],
    [['--sparsity', '2:'], /--sparsity: '2:' is not a pattern/],
    [['--target-latency', '1x'], /--target-latency: '1x' is not a share to keep below 1, such as 0\.6x/],
    [['--target-latency', 'fast'], /--target-latency: 'fast'/],
    [['--target-macs', '0x'], /--target-macs: '0x' is not a share to keep/],
    [['--target-size', '0.5'], /--target-size: '0\.5' is not a share .* or a size/],
    [['--target-size', '2x'], /--target-size: '2x' is not a share to keep below 1/],
    [[...half, '--round-to', '0'], /--round-to: '0' is not a whole number from 1 on/],
    [[...half, '--steps', '0'], /--steps: '0' is not a whole number from 1 on/],
    [[...half, '--max-drop', 'much', '--data', 'x.npz'], /--max-drop: 'much'/],
    [['--distill', '0', ...half, '--data', 'x.npz'], /--distill: '0' is not a number of epochs from 1 on/],
    [['--distill', 'n.onnx', ...half], /--distill: 'n\.onnx' is not a number of epochs .*a model comes before/],
    [[...half, '--score', 'l3'], /--score <name>' argument 'l3' is invalid/],
    [[...half, '--sparsity-score', 'obd'], /--sparsity-score <name>' argument 'obd' is invalid/],
    // One kind of thing at a time.
    [[...half, '--sparsity', '0.8'], /--sparsity makes no sense with --channels: .*prune with --channels first/],
    [[...half, '--layers', '2'], /--layers makes no sense with --channels: .*what comes of it with --layers/],
    [['--layers', '2', '--sparsity', '2:4'], /--sparsity makes no sense with --layers/],
    [['--width', '0.5', '--layers', '2'], /--layers makes no sense with --width/],
    // Flags that would not be looked at.
    [['--sparsity', '2:4', '--score', 'l1'], /--score makes no sense with --sparsity/],
    [['--layers', '1', '--score', 'l1'], /--score makes no sense with --layers/],
    [['--layers', '1', '--round-to', '8'], /--round-to makes no sense with --layers/],
    [['--heads', '0.5', '--round-to', '8'], /--round-to makes no sense with --heads: heads go as wholes/],
    [['--sparsity', '0.5', '--no-reconstruct'], /--no-reconstruct makes no sense with --sparsity/],
    [['--sparsity', '0.5', '--steps', '2'], /--steps makes no sense with --sparsity/],
    [['--layers', '2', '--steps', '2'], /--steps makes no sense with --layers/],
    [['--sparsity', '0.5', '--data', 'x.npz', '--distill'], /--distill makes no sense with --sparsity: .*zeros/],
    [['--sparsity', '0.5', '--target-latency', '0.6x'], /--target-latency makes no sense with --sparsity/],
    [['--sparsity', '0.5', '--target-size', '0.6x'], /--target-size makes no sense with --sparsity/],
    [['--sparsity', '0.5', '--target-macs', '0.6x'], /--target-macs makes no sense with --sparsity/],
    [['--width', '0.5', '--global'], /--channels or --heads is missing: give the share that --global takes/],
    [['--target-macs', '0.5x', '--global'], /--channels or --heads is missing/],
    [['--sparsity', '0.5', '--global'], /--channels or --heads is missing/],
    [[...half, '--sparsity-score', 'magnitude'], /--sparsity is missing: give the share or the pattern/],
    // Data that are missing.
    [[...half, '--distill'], /--data is missing: give the samples that --distill trains on/],
    [[...half, '--max-drop', '1%'], /--data is missing: give the samples that --max-drop is judged on/],
    // Goals that nothing would be held against.
    [[...half, '--max-drop', '1%', '--data', 'x.npz', '--no-verify'], /--max-drop makes no sense with --no-verify/],
    [['--target-latency', '0.6x', '--no-bench'], /--target-latency makes no sense with --no-bench/],
    [['--target-latency', '0.6x', '--no-verify'], /--target-latency makes no sense with --no-verify/],
    [[...half, '--external-data', '--inline-data'], /cannot be used with/],
    [[...half, '--ep', 'cuad'], /did you mean 'cuda'/],
    [[...half, '--format', 'pdf'], /--format/],
    [[...half, '--report', 'r.pdf'], /--report: 'r\.pdf' is not a file ending in/],
  ])('%j', async (words, sentence) => {
    expect(await trial.run(['m.onnx', ...words])).toEqual(refused(2, sentence));
    expect(trial.requests).toEqual([]);
  });

  it.each(['wifv', 'activation', 'obs', 'taylor'])('--score %s without data names both', async (score) => {
    const sentence = new RegExp(`--score ${score} ranks by what samples do .*--data, or a score that does without`);
    expect(await trial.run(['m.onnx', ...half, '--score', score])).toEqual(refused(2, sentence));
    expect(await trial.run(['m.onnx', ...half, '--score', score, '--data', 'x.npz'])).toMatchObject({ exitCode: 0 });
  });

  it.each(['sparsegpt', 'wanda'])('--sparsity-score %s without data names both', async (score) => {
    const words = ['m.onnx', '--sparsity', '2:4', '--sparsity-score', score];
    const sentence = new RegExp(`--sparsity-score ${score} ranks by .*--data.*magnitude`);
    expect(await trial.run(words)).toEqual(refused(2, sentence));
    expect(await trial.run([...words, '--data', 'x.npz'])).toMatchObject({ exitCode: 0 });
  });

  it.each(blindUnitScores)('--score %s does without data', async (score) => {
    expect(await trial.run(['m.onnx', ...half, '--score', score])).toMatchObject({ exitCode: 0 });
  });

  it('without a model names it', async () => {
    expect(await trial.run(half)).toEqual(refused(2, /MODEL is missing/));
  });

  it('is a report over what is read or written', async () => {
    const model = join(folder, 'm.json');
    writeFileSync(model, 'model');
    const words = [model, ...half, '-o', join(folder, 'p.json'), '--tokenizer', model];
    expect(await trial.run([...words, '--report', model])).toEqual(refused(2, /an input of/));
    expect(await trial.run([...words, '--report', join(folder, 'p.json')])).toEqual(
      refused(2, /model is to be written/),
    );
    expect(trial.requests).toEqual([]);
  });
});
