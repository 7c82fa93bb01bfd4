import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { forkWorkflow } from '../../src/init/fork-workflow.ts';
import { gateWorkflow } from '../../src/init/gate-workflow.ts';
import type { WorkflowOptions } from '../../src/init/gate-workflow.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { jobsOf, runScript, stepsOf } from './workflow-steps.ts';
import type { Step } from './workflow-steps.ts';

const files = temporaryFolder();
afterAll(files.remove);

const answers = {
  models: [{ path: 'm.onnx', data: null, dims: {}, openDims: [] }],
  maxDrop: '1pt',
  budget: '3m',
  budgetMs: 180_000,
  threads: 1,
  baseBranch: 'main',
  comment: true,
};
const usual: WorkflowOptions = {
  answers,
  place: { folder: '', config: 'infer.config.yaml' },
  installation: { kind: 'fetched', source: 'infer@1.2.3' },
};
const dependency: WorkflowOptions = {
  ...usual,
  installation: { kind: 'dependency', folder: '', lockFile: 'package-lock.json' },
};
const hostileFolder = `a $(touch pwned) 'b' "c" \`d\` \${{ github.token }} é\n# e: f`;
const hostile: WorkflowOptions = {
  answers: { ...answers, baseBranch: `it's-"$(x)"+1` },
  place: { folder: hostileFolder, config: 'infer.config.yaml' },
  installation: { kind: 'dependency', folder: hostileFolder, lockFile: 'package-lock.json' },
};
const hostileSource: WorkflowOptions = {
  ...usual,
  installation: { kind: 'fetched', source: `https://example.com/a b'$(x)"\${{ github.token }}.tgz` },
};

const texts: readonly (readonly [string, string])[] = [
  ['fetched', gateWorkflow(usual)],
  ['a dependency', gateWorkflow(dependency)],
  ['without comments', gateWorkflow({ ...usual, answers: { ...answers, comment: false } })],
  ['a hostile folder', gateWorkflow(hostile)],
  ['a hostile source', gateWorkflow(hostileSource)],
  ['for forks', forkWorkflow(usual.place)],
  ['for forks of a hostile folder', forkWorkflow(hostile.place)],
];

describe.each(texts)('the workflow: %s', (_, text) => {
  const jobs = jobsOf(text);
  const steps = jobs.flatMap(stepsOf);

  it('has jobs with steps that run something or use an action of a major version', () => {
    expect(jobs.length).toBeGreaterThan(0);
    for (const { run, uses } of steps) expect([run === undefined, uses === undefined]).toContain(false);
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((action) => !/^actions\/[\w/-]+@v\d+$/.test(action))).toEqual([]);
  });

  it('gives no rights but those that a job needs', () => {
    expect(parse(text)).toMatchObject({ permissions: {} });
    for (const job of jobs) {
      const writes = Object.entries(job.permissions).filter(([, right]) => right !== 'read');
      // Where a token may write, nothing of the pull request is run.
      if (writes.length === 0) continue;
      expect(writes).toEqual([['pull-requests', 'write']]);
      expect(stepsOf(job).map(({ uses }) => uses)).not.toContain('actions/checkout@v4');
      expect(stepsOf(job).filter(({ run }) => run !== undefined && /npm|npx|node/.test(run))).toEqual([]);
    }
  });

  it('puts no expression into a script', () => {
    for (const { run, with: inputs } of steps) {
      expect(run ?? '').not.toContain('${{');
      expect(String(inputs?.['script'] ?? '')).not.toContain('${{');
    }
  });

  it('has scripts that bash can read, and JavaScript that node can', () => {
    const shells = steps.flatMap(({ run }) => run ?? []);
    expect(shells.map((input) => spawnSync('bash', ['-n'], { input, encoding: 'utf8' }).stderr).join('')).toBe('');
    const scripts = steps.flatMap(({ with: inputs }) => inputs?.['script'] ?? []);
    expect(() => scripts.map((script) => new Function(`return async () => {${String(script)}}`))).not.toThrow();
  });
});

describe('a hostile folder', () => {
  it('stays a text: no expression, no line of its own', () => {
    const workflow = parse(gateWorkflow(hostile));
    expect(workflow).toMatchObject({
      name: expect.stringMatching(/^infer-[a-z0-9-]+$/),
      on: { pull_request: { branches: [String.raw`it's-"$(x)"\+1`] } },
      jobs: {
        gate: {
          defaults: { run: { 'working-directory': hostileFolder.replace('${{', "${{ '${{' }}") } },
          steps: expect.arrayContaining([
            expect.objectContaining({ run: 'npm ci', 'working-directory': expect.stringContaining("${{ '${{' }}") }),
          ]),
        },
      },
    });
    expect(parse(gateWorkflow(hostileSource))).toMatchObject({
      jobs: { gate: { env: { INFER_PACKAGE: expect.stringContaining("${{ '${{' }} github.token") } } },
    });
  });
});

describe('the step that names the base', () => {
  it('takes what the pull request was merged with, not what the branch became since', () => {
    const folder = join(files.folder, 'merged');
    mkdirSync(folder);
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      }).trim();
    git('init', '-b', 'main');
    git('commit', '--allow-empty', '-m', 'base');
    const base = git('rev-parse', 'HEAD');
    git('checkout', '-b', 'topic');
    git('commit', '--allow-empty', '-m', 'change');
    git('checkout', '--detach', base);
    git('merge', '--no-ff', '-m', 'merge', 'topic');
    git('branch', '-D', 'main');
    const script = stepNamed(gateWorkflow(usual), 'Name the base').run ?? '';
    const { status } = spawnSync('bash', ['-e', '-c', script], {
      cwd: folder,
      env: { ...process.env, BASE_REF: 'main' },
    });
    expect({ status, ref: git('rev-parse', 'origin/main') }).toEqual({ status: 0, ref: base });
  });
});

function stepNamed(text: string, name: string): Step {
  const found = jobsOf(text)
    .flatMap(stepsOf)
    .find((step) => step.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

/** What a script does to a pull request with some comments. */
function github(comments: readonly object[] = [], pull: object = {}) {
  const calls: (readonly [string, object])[] = [];
  const record = (name: string) => async (words: object) => void calls.push([name, words]);
  const sha = 'a'.repeat(40);
  return {
    calls,
    globals: {
      context: {
        repo: { owner: 'o', repo: 'r' },
        payload: { pull_request: { number: 7 }, workflow_run: { id: 5, head_sha: sha, head_repository: { id: 9 } } },
      },
      core: {
        notice: (text: string) => void calls.push(['notice', { text }]),
        setFailed: (text: string) => void calls.push(['failed', { text }]),
        setOutput: (name: string, value: string) => void calls.push(['output', { name, value }]),
      },
      github: {
        paginate: async () => comments,
        rest: {
          issues: {
            listComments: {},
            createComment: record('create'),
            updateComment: record('update'),
          },
          pulls: {
            get: async ({ pull_number: number }: { pull_number: number }) => ({
              data: { number, state: 'open', head: { sha, repo: { id: 9 } }, ...pull },
            }),
          },
        },
      },
    },
  };
}

const marker = '<!-- infer-gate -->';

describe('the comment of a pull request of this repository', () => {
  const script = String(stepsOf(jobsOf(gateWorkflow(usual))[1])[1]?.with?.['script']);
  const folder = join(files.folder, 'own');
  mkdirSync(join(folder, 'infer-gate-comment'), { recursive: true });
  writeFileSync(
    join(folder, 'infer-gate-comment/comment.md'),
    `**fail** \${process.exit(1)} \`x\` ${'long '.repeat(20_000)}`,
  );

  it('is written once', async () => {
    const { calls, globals } = github([
      { id: 1, user: { login: 'somebody' }, body: `${marker}\nmine` },
      { id: 2, user: { login: 'github-actions[bot]' }, body: 'other' },
    ]);
    await runScript(script, { globals, folder, env: {} });
    expect(calls).toEqual([
      [
        'create',
        { owner: 'o', repo: 'r', issue_number: 7, body: expect.stringContaining(`${marker}\n**fail** \${process`) },
      ],
    ]);
    expect(JSON.stringify(calls).length).toBeLessThan(65_536);
  });

  it('is written anew where it is', async () => {
    const { calls, globals } = github([{ id: 3, user: { login: 'github-actions[bot]' }, body: `${marker}\nold` }]);
    await runScript(script, { globals, folder, env: {} });
    expect(calls).toMatchObject([['update', { comment_id: 3 }]]);
  });
});

describe('the comment of a fork’s pull request', () => {
  const fork = forkWorkflow(usual.place);
  const script = String(stepNamed(fork, 'Comment').with?.['script']);

  async function comment(artifact: { readonly number?: string; readonly text?: string }, pull: object = {}) {
    const folder = join(files.folder, crypto.randomUUID());
    mkdirSync(folder);
    writeFileSync(join(folder, 'pull-request.txt'), artifact.number ?? '12\n');
    writeFileSync(join(folder, 'comment.md'), artifact.text ?? 'fine');
    const { calls, globals } = github([], pull);
    await runScript(script, { globals, folder, env: { RUNNER_TEMP: folder } });
    return calls;
  }

  it('is posted where it belongs', async () => {
    expect(await comment({})).toMatchObject([['create', { issue_number: 12 }]]);
  });

  it.each(['', '0', '-1', '12; rm -rf /', '12abc', '1e3', '99999999999999999999', '../7', '1\n2'])(
    'is not posted for the number %j',
    async (number) => {
      expect(await comment({ number })).toMatchObject([['failed', {}]]);
    },
  );

  it.each([
    ['another commit', { head: { sha: 'b'.repeat(40), repo: { id: 9 } } }],
    ['another repository', { head: { sha: 'a'.repeat(40), repo: { id: 10 } } }],
    ['a closed one', { state: 'closed' }],
  ])('is not posted on %s', async (_, pull) => {
    expect(await comment({}, pull)).toMatchObject([['notice', {}]]);
  });

  it('calls nobody, hides nothing, and does not pass for ours', async () => {
    const [call] = await comment({ text: `<!-- infer gate -->\n\n${marker}\n@team <!-- x --> \${process.env}` });
    const { body } = z.object({ body: z.string() }).parse(call?.[1]);
    expect(body.startsWith(`${marker}\n*From a run of the fork`)).toBe(true);
    expect(body.slice(marker.length)).not.toContain('<!--');
    expect(body).toContain('@\u200bteam');
    expect(body).not.toContain('infer gate --');
    expect(body).toContain('${process.env}');
  });

  it('takes no more of an artifact than a comment has, wherever its files lead', () => {
    const folder = join(files.folder, 'zip');
    mkdirSync(folder);
    const zip = `import zipfile
with zipfile.ZipFile('comment.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('comment.md', 'x' * 50_000_000)
    z.writestr('pull-request.txt', '1' * 1000)
    z.writestr('../outside.txt', 'x')`;
    const made = spawnSync('python3', ['-c', zip], { cwd: folder });
    if (made.status !== 0 || spawnSync('unzip', ['-v']).status !== 0) return;
    const { run = '' } = stepNamed(fork, 'Unpack no more than a comment takes');
    const env = { ...process.env, RUNNER_TEMP: folder };
    expect(spawnSync('bash', ['-e', '-c', run], { cwd: folder, env }).status).toBe(0);
    const sizes = execFileSync('sh', ['-c', 'wc -c < comment.md; wc -c < pull-request.txt; ls ..'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(sizes.split(/\s+/).slice(0, 2)).toEqual(['200000', '20']);
    expect(sizes).not.toContain('outside');
  });

  it('is not fetched when it is too large, or not there', async () => {
    const fetch = String(stepNamed(fork, 'Fetch the artifact').with?.['script']);
    for (const [artifacts, expected] of [
      [[], 'notice'],
      [[{ id: 1, size_in_bytes: 10 ** 9 }], 'failed'],
    ] as const) {
      const { calls, globals } = github();
      const actions = { listWorkflowRunArtifacts: async () => ({ data: { artifacts } }) };
      const rest = { ...globals.github.rest, actions };
      await runScript(fetch, { globals: { ...globals, github: { ...globals.github, rest } }, folder: '.', env: {} });
      expect(calls.map(([name]) => name)).toEqual([expected]);
    }
  });
});
