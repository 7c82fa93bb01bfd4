import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../../src/cli/exit-codes.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Fenced blocks of a language, in the order of the page. */
function blocks(language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...readme.matchAll(fence)].map(([, block = '']) => block.trim());
}

/**
 * A fresh checkout, as a reader would have it: the files git knows, and the ones it does not ignore. What is compiled comes
 * along, newer than its sources, for the script before this test has just compiled the same.
 */
function freshCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'infer-readme-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => name !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  return folder;
}

const folder = freshCopy();
const prefix = join(folder, '.global');
// Some ten thousand files of two installs: on a busy disk, ten seconds are too few to remove them.
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

function shell(script: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    npm_config_prefix: prefix,
    // What it would tell of funding and advisories takes a while, and nobody reads it here.
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_prefer_offline: 'true',
    PATH: `${join(prefix, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
  };
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-euo', 'pipefail', '-c', script],
      { cwd: folder, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

/**
 * Commands measure for a shorter time, and judge by fewer samples: what is tested is that they run, not how narrow the
 * intervals get, nor whether 8 bits are faster on a machine that runs other tests beside.
 */
const shortened = (script: string) =>
  script
    .replace(/^(npx infer (?:bench|profile|optimize|prune) .*--budget) \d+s/gm, '$1 5s')
    .replace(/^(npx infer quantize .*--budget) \d+s/gm, '$1 5s --samples 60 --accept-worse');

/** A machine that does other work may miss an objective, which has an exit code of its own. */
const missed = (script: string) => (/ --rate .* --slo /.test(script) ? [exitCodes.goalMissed] : []);

describe('every command block of the README, in a fresh checkout', () => {
  it.each(blocks('sh'))('%s', async (script) => {
    const { code, stdout, stderr } = await shell(shortened(script));
    const isAccepted = [exitCodes.ok, ...missed(script)].some((accepted) => accepted === code);
    expect({ isAccepted, code, stderr, stdout }).toMatchObject({ isAccepted: true });
  });

  const configs = blocks('yaml').filter((text) => !text.includes('jobs:'));
  it.each(configs)('the config %s', async (text) => {
    writeFileSync(join(folder, 'infer.config.yaml'), text);
    const { code, stderr } = await shell('npx infer config check');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    rmSync(join(folder, 'infer.config.yaml'));
  });
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

describe('the CI recipe', () => {
  const workflows: readonly Workflow[] = blocks('yaml')
    .filter((text) => text.includes('jobs:'))
    .map((text) => parse(text));
  const scripts = workflows.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
  );
  it.each(scripts.filter((script) => script.trim() !== 'npm ci'))('%s', async (script) => {
    const { code, stderr } = await shell(script);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  });
});

it('shows the exit codes that the code has', () => {
  const table = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(table).toEqual(Object.values(exitCodes));
});
