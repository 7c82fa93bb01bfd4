import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { reportFailure } from '../../src/cli/report-failure.ts';
import { DataError, ModelError, RuntimeError, UsageError } from '../../src/errors.ts';
import { runInfer } from './buffered-io.ts';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('infer', () => {
  it.each(['--version', '-V'])('%s', async (flag) => {
    const { exitCode, stdout, stderr } = await runInfer([flag]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(manifest).toMatchObject({ version: stdout.trim() });
  });

  it.each([[['--help']], [['help']], [[]]])('lists every command: %j', async (words) => {
    const { exitCode, stdout, stderr } = await runInfer(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { name } of commandTable) expect(stdout).toMatch(new RegExp(`^  ${name}(\\|\\w+)? +\\w`, 'm'));
  });

  it.each(commandTable.map(({ name, summary }) => [name, summary]))(
    'explains %s with examples',
    async (name, summary) => {
      const { exitCode, stdout, stderr } = await runInfer([name, '--help']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toContain(`Usage: infer ${name}`);
      // Commander wraps the summary to the width of the terminal.
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
      expect(stdout.match(/^ {2}\$ infer /gm)?.length).toBeGreaterThanOrEqual(2);
      expect((await runInfer(['help', name])).stdout).toBe(stdout);
    },
  );

  it('gives every option of bench with its default', async () => {
    const { stdout } = await runInfer(['bench', '--help']);
    for (const [flag, value] of [
      ['--ep', '"cpu"'],
      ['--budget', '"60s"'],
      ['--rounds', '"3"'],
      ['--seed', '"0"'],
      ['--atol', '"1e-3"'],
      ['--rtol', '"1e-2"'],
      ['--format', '"table"'],
    ])
      expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(`${flag} <[^>]+>[^<]*default: ${value}`));
  });

  it.each([
    [['benhc'], 'benhc', /Did you mean bench\?/],
    [['reprot', 'x.json'], 'reprot', /Did you mean report\?/],
    [['bench', 'x.onnx', '--bacth', '4'], '--bacth', /Did you mean --batch\?/],
    [['doctor', '--jsn'], '--jsn', /Did you mean --json\?/],
    [['xyzzy'], 'xyzzy', /see --help/],
    [['--bogus'], '--bogus', /see --help/],
  ])('refuses %j', async (words, named, help) => {
    const { exitCode, stdout, stderr } = await runInfer(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: unknown (command|option) /);
    expect(stderr).toContain(`'${named}'`);
    expect(stderr).toMatch(help);
  });

  it.each([
    [['bench', '--batch'], /--batch/],
    [['bench', 'x.onnx', '--format', 'xml'], /table, json, csv, markdown/],
    [['bench', 'x.onnx', '--optimization', 'most'], /disabled, basic, extended, layout, all/],
    [['report'], /results/],
  ])('says what %j lacks', async (words, lacking) => {
    const { exitCode, stdout, stderr } = await runInfer(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(lacking);
  });

  it('names a missing MODEL where nobody can be asked', async () => {
    expect(await runInfer(['bench'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: MODEL is missing: give the path of an .onnx file\n',
    });
  });

  it('takes anything unforeseen for a bug: a stack, where to report it, exit code 70', async () => {
    const { exitCode, stdout, stderr } = await runInfer(['doctor']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 70, stdout: '' });
    expect(stderr).toMatch(/^Error: no runtime expected\n {4}at /);
    expect(stderr).toMatch(/This is a bug in infer\. Please report it/);
  });
});

describe('exit codes', () => {
  it.each([
    [new UsageError('missing-argument', { flag: 'X', what: 'y' }), 2],
    [new ModelError('model-empty', { path: 'x' }), 3],
    [new DataError('data-missing', { path: 'x', problem: 'y' }), 3],
    [new RuntimeError('process-unstartable', { problem: 'x' }), 4],
    [new TypeError('x'), 70],
    ['thrown text', 70],
  ])('%s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it.each(['AbortError', 'ExitPromptError'])('%s is an interruption', (name) => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const io = {
      stdout: stream,
      stderr: stream,
      isInteractive: false,
      env: {},
      cwd: '/',
      now: () => new Date(0),
      openRuntime: () => Promise.reject(new Error('unused')),
      onInterrupt: () => () => undefined,
    };
    expect(reportFailure(Object.assign(new Error('stopped'), { name }), io)).toBe(130);
    expect(written).toEqual(['interrupted before there was a result\n']);
  });
});
