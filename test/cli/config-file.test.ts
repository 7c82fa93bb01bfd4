import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findConfigFile, readConfig } from '../../src/cli/config-file.ts';
import { InferError } from '../../src/errors.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A folder with one config file. */
function folderWith(name: string, text: string): string {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  files.write(join(folder.slice(files.folder.length), name), text);
  return folder;
}

async function refusal(name: string, text: string): Promise<unknown> {
  const folder = folderWith(name, text);
  return readConfig(undefined, folder).then(
    () => null,
    (error: unknown) => (error instanceof InferError ? error.finding : error),
  );
}

describe('findConfigFile', () => {
  it('looks upward from a folder and takes the nearest', () => {
    const outer = folderWith('infer.config.yaml', 'bench: {}');
    const inner = join(outer, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    expect(findConfigFile(inner)).toBe(join(outer, 'infer.config.yaml'));
    symlinkSync(join(outer, 'infer.config.yaml'), join(outer, 'a', 'infer.config.yml'));
    expect(findConfigFile(inner)).toBe(join(outer, 'a', 'infer.config.yml'));
  });

  it('prefers JSON where a folder has several', () => {
    const folder = folderWith('infer.config.yml', '');
    symlinkSync(join(folder, 'infer.config.yml'), join(folder, 'infer.config.json'));
    expect(findConfigFile(folder)).toBe(join(folder, 'infer.config.json'));
  });
});

describe('readConfig', () => {
  it.each([
    ['infer.config.json', '{"bench":{"batch":[1,2],"quiet":true}}'],
    ['infer.config.yaml', 'bench:\n  batch: [1, 2]\n  quiet: true\n'],
    ['infer.config.yml', '# written by hand\nbench: { batch: [1, 2], quiet: yes }\n'.replace('yes', 'true')],
  ])('reads %s', async (name, text) => {
    expect(await readConfig(undefined, folderWith(name, text))).toEqual({ bench: { batch: [1, 2], quiet: true } });
  });

  it('takes an empty file for an empty config', async () => {
    expect(await readConfig(undefined, folderWith('infer.config.yaml', ''))).toEqual({});
  });

  it('reads the file that --config names, relative to the working directory, and not the one upward', async () => {
    const folder = folderWith('infer.config.json', '{"bench":{"seed":1}}');
    files.write(join(folder.slice(files.folder.length), 'other.yaml'), 'bench: { seed: 2 }');
    expect(await readConfig('other.yaml', folder)).toEqual({ bench: { seed: 2 } });
  });

  it('takes its paths from its own folder, wherever below it is called', async () => {
    const text = 'bench: { models: [m/a.onnx, /b.onnx], data: in.npz, input: { x: x.npy, sr: 16000, s: text } }';
    const folder = folderWith('infer.config.yaml', text);
    const inner = join(folder, 'deep', 'er');
    mkdirSync(inner, { recursive: true });
    const up = join('..', '..');
    expect(await readConfig(undefined, inner)).toEqual({
      bench: {
        models: [join(up, 'm', 'a.onnx'), '/b.onnx'],
        data: join(up, 'in.npz'),
        input: { x: join(up, 'x.npy'), sr: 16000, s: 'text' },
      },
    });
    expect(await readConfig(undefined, folder)).toMatchObject({ bench: { models: [join('m', 'a.onnx'), '/b.onnx'] } });
  });

  it('says which file --config misses', async () => {
    await expect(readConfig('gone.yaml', files.folder)).rejects.toMatchObject({
      code: 'file-missing',
      details: { path: join(files.folder, 'gone.yaml'), what: 'config' },
    });
  });

  it('says that --config names a folder', async () => {
    await expect(readConfig('.', files.folder)).rejects.toMatchObject({ code: 'is-directory' });
  });

  it.each([
    ['infer.config.json', '{"bench":{"bacth":4}}', 'bench.bacth'],
    ['infer.config.yaml', 'bench:\n  bacth: 4\n', 'bench.bacth'],
  ])('refuses a key nobody knows in %s, with the known ones', async (name, text, key) => {
    expect(await refusal(name, text)).toMatchObject({
      code: 'config-invalid',
      details: { key, problem: 'there is no such key', known: expect.arrayContaining(['batch', 'ep', 'minRuns']) },
    });
  });

  it('refuses an unknown top-level key', async () => {
    expect(await refusal('infer.config.json', '{"bnech":{}}')).toMatchObject({
      details: {
        key: 'bnech',
        known: [
          '$schema',
          'bench',
          'cost',
          'distill',
          'evaluate',
          'gate',
          'inspect',
          'optimize',
          'profile',
          'prune',
          'quantize',
        ],
      },
    });
  });

  it.each([
    ['{"bench":{"quiet":"yes"}}', 'bench.quiet'],
    ['{"bench":{"models":"model.onnx"}}', 'bench.models'],
    ['{"bench":{"dim":["batch=4"]}}', 'bench.dim'],
    ['{"bench":{"seed":[1]}}', 'bench.seed'],
    ['[]', ''],
    ['7', ''],
  ])('refuses a value of the wrong type: %s', async (text, key) => {
    expect(await refusal('infer.config.json', text)).toMatchObject({ code: 'config-invalid', details: { key } });
  });

  it.each([
    ['infer.config.json', '{"bench":'],
    ['infer.config.json', ''],
    ['infer.config.yaml', 'bench: [1, 2'],
    ['infer.config.yaml', 'bench:\n\tbatch: 1'],
    ['infer.config.yml', 'bench: {}\nbench: {}'],
  ])('says that %s cannot be parsed: %j', async (name, text) => {
    expect(await refusal(name, text)).toMatchObject({
      code: 'config-invalid',
      details: { key: '', problem: expect.stringMatching(/\S/) },
    });
  });
});

describe('infer config', () => {
  it('prints what a config says', async () => {
    const cwd = folderWith('infer.config.yaml', 'bench: { ep: [cpu, cuda] }');
    const { exitCode, stdout, stderr } = await runInfer(['config', 'check'], { cwd });
    expect({ exitCode, stderr, config: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      stderr: '',
      config: { bench: { ep: ['cpu', 'cuda'] } },
    });
  });

  it('suggests the key that was probably meant, on one line, with exit code 2', async () => {
    const cwd = folderWith('infer.config.json', '{"bench":{"minRns":3}}');
    const { exitCode, stdout, stderr } = await runInfer(['config', 'check'], { cwd });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: .*infer\.config\.json: key 'bench\.minRns' .*did you mean 'minRuns'.*\n$/);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('prints a JSON Schema', async () => {
    const { exitCode, stdout } = await runInfer(['config', 'schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', additionalProperties: false, title: 'infer config' });
  });

  it('asks for a subcommand with exit code 2', async () => {
    expect((await runInfer(['config'])).exitCode).toBe(2);
  });
});
