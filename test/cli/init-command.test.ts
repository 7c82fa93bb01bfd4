import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config-file.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { linearModel } from '../models/small-models.ts';
import { buildModel } from '../models/build-model.ts';
import { InitTrial } from './init-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = new InitTrial(files);
beforeEach(() => {
  trial = new InitTrial(files);
  trial.git('init', '-b', 'main');
});

const config = 'infer.config.yaml';
const workflow = '.github/workflows/infer.yml';
const forks = '.github/workflows/infer-comment.yml';

/** The config as a gate reads it. */
const gateIn = async (folder = trial.folder) => (await readConfig(undefined, folder)).gate;

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 123456789\n`;

/** A picture of unknown size. */
const pictureModel = buildModel({
  inputs: [{ name: 'x', shape: ['batch', 3, 'height', 'width'] }],
  outputs: [{ name: 'y', shape: ['batch', 3, 'height', 'width'] }],
  nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
});

describe('infer init --yes', () => {
  it('writes a config that a gate understands, and two workflows', async () => {
    trial.write('models/classifier.onnx', linearModel());
    const { exitCode, stdout, stderr } = await trial.init();
    expect({ exitCode, lines: stdout.split('\n').slice(0, 3) }).toEqual({
      exitCode: 0,
      lines: [`written    ${config}`, `written    ${workflow}`, `written    ${forks}`],
    });
    expect(stderr).toMatch(/--no-calibrate/);
    expect(await gateIn()).toEqual({
      budget: '3m',
      alpha: 0.01,
      confirm: false,
      onInconclusive: 'warn',
      scenarios: { classifier: { model: 'models/classifier.onnx', base: 'git:main', threads: 1 } },
    });
    expect(existsSync(join(trial.folder, '.infer'))).toBe(false);
  });

  it('changes nothing when it runs again', async () => {
    trial.write('m.onnx');
    expect((await trial.init()).exitCode).toBe(0);
    const before = trial.snapshot();
    const { exitCode, stdout } = await trial.init();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `kept       ${config} (it has a gate section)\nunchanged  ${workflow}\nunchanged  ${forks}\n`,
    });
    expect(trial.snapshot()).toEqual(before);
    // The same answers again, said aloud.
    expect((await trial.init(['--yes', '--budget', '3m'])).stdout).toMatch(/^unchanged {2}infer\.config\.yaml\n/);
    expect(trial.snapshot()).toEqual(before);
  });

  it('changes nothing when it runs again after other answers', async () => {
    trial.write('m.onnx');
    await trial.init(['--yes', '--budget', '10m', '--base-branch', 'dev', '--no-comment']);
    const before = trial.snapshot();
    const { exitCode, stdout } = await trial.init();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `kept       ${config} (it has a gate section)\nunchanged  ${workflow}\n`,
    });
    expect(trial.snapshot()).toEqual(before);
  });

  it('gates every model that is found, the largest first, under names that differ', async () => {
    trial.write('a/model.onnx', 'x'.repeat(30));
    trial.write('b/model.onnx', 'x'.repeat(20));
    trial.write('tiny.onnx', 'x'.repeat(10));
    trial.write('node_modules/package/its.onnx');
    trial.write('ignored.onnx');
    trial.write('.gitignore', 'ignored.onnx\n');
    symlinkSync('nowhere.onnx', join(trial.folder, 'broken.onnx'));
    expect((await trial.init()).exitCode).toBe(0);
    const scenarios = (await gateIn())?.scenarios ?? {};
    expect(Object.entries(scenarios).map(([name, { model }]) => [name, model])).toEqual([
      ['a/model.onnx', 'a/model.onnx'],
      ['b/model.onnx', 'b/model.onnx'],
      ['tiny', 'tiny.onnx'],
    ]);
  });

  it('leaves out the smallest of very many, and says so', async () => {
    for (let at = 1; at <= 10; at++) trial.write(`m${at}.onnx`, 'x'.repeat(at));
    const { stderr } = await trial.init();
    expect(Object.keys((await gateIn())?.scenarios ?? {})).toHaveLength(8);
    expect(stderr).toContain('2 models left out, for all share the budget: m2.onnx, m1.onnx');
  });

  it('takes what flags say', async () => {
    trial.write('one.onnx');
    trial.write('two.onnx', linearModel());
    trial.write('data/test.npz');
    const words = ['--model', './two.onnx', '--data', 'data/test.npz', '--max-drop', '0.5pt', '--budget', '90s'];
    await trial.init(['--yes', ...words, '--threads', '2', '--base-branch', 'release/2.0', '--no-comment']);
    expect(await gateIn()).toMatchObject({
      budget: '90s',
      scenarios: {
        two: {
          model: 'two.onnx',
          base: 'git:release/2.0',
          threads: 2,
          quality: { data: 'data/test.npz', maxDrop: '0.5pt' },
        },
      },
    });
    expect(trial.yaml(workflow)).toMatchObject({ on: { pull_request: { branches: ['release/2.0'] } } });
    expect(trial.yaml(workflow)).not.toHaveProperty('jobs.comment');
    expect(readdirSync(join(trial.folder, '.github/workflows'))).toEqual(['infer.yml']);
  });

  it('asks git for the main branch', async () => {
    trial.write('m.onnx');
    trial.git('add', '.');
    trial.git('commit', '-m', 'a');
    trial.git('update-ref', 'refs/remotes/origin/stable', 'HEAD');
    trial.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/stable');
    const { stderr } = await trial.init();
    expect(stderr).not.toMatch(/git knows no branch/);
    expect((await gateIn())?.scenarios?.['m']?.base).toBe('git:origin/stable');
    expect(trial.yaml(workflow)).toMatchObject({ on: { push: { branches: ['stable'] } } });
  });

  it('knows Git LFS pointers, and does not measure what is not there', async () => {
    trial.write('big.onnx', pointer);
    trial.write('small.onnx', 'x'.repeat(200));
    const { exitCode, stderr } = await trial.initCalibrating(['--yes']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/Git LFS only; git lfs pull/),
    });
    // By the size of the file that it stands for.
    expect(Object.keys((await gateIn())?.scenarios ?? {})).toEqual(['big', 'small']);
  });

  it('does without git', async () => {
    const bare = new InitTrial(files);
    bare.write('deep/m.onnx');
    bare.write('.hidden/no.onnx');
    bare.write('node_modules/no.onnx');
    const { exitCode, stderr } = await bare.init();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/in no git repository/) });
    expect(Object.keys((await gateIn(bare.folder))?.scenarios ?? {})).toEqual(['m']);
  });
});

describe('lengths that nothing tells', () => {
  it('are taken from --dim', async () => {
    trial.write('m.onnx', pictureModel);
    expect((await trial.init(['--yes', '--dim', 'height=224', '--dim', 'width=112'])).exitCode).toBe(0);
    expect((await gateIn())?.scenarios?.['m']?.dim).toEqual({ height: 224, width: 112 });
  });

  it('are told where nobody says them, and never made up', async () => {
    trial.write('m.onnx', pictureModel);
    const { exitCode, stderr } = await trial.initCalibrating(['--yes']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('m.onnx has dimensions whose length nothing tells (height, width): say them with --dim');
    expect(stderr).toContain('lengths are still to be said');
    expect((await gateIn())?.scenarios?.['m']).not.toHaveProperty('dim');
    expect(trial.read(config)).toContain('# dim: { height: 1, width: 1 }');
  });

  it('are refused where no model has them', async () => {
    trial.write('m.onnx', pictureModel);
    expect(await trial.init(['--yes', '--dim', 'hieght=224'])).toEqual(refused(2, /did you mean 'height'/));
    expect(existsSync(join(trial.folder, config))).toBe(false);
  });
});

describe('what is there already', () => {
  beforeEach(() => {
    trial.write('m.onnx');
  });

  it('is not overwritten without being asked for, and then nothing else is written', async () => {
    trial.write(workflow, 'name: mine\n');
    const before = trial.snapshot();
    const outcome = await trial.init();
    expect(outcome).toEqual(
      refused(2, /\.github\/workflows\/infer\.yml is there already .*--force; nothing was written/),
    );
    expect(trial.snapshot()).toEqual(before);
    expect((await trial.init(['--yes', '--force'])).exitCode).toBe(0);
    expect(trial.read(workflow)).toContain('actions/checkout');
  });

  it('stays in a config that gets the section, comments and all', async () => {
    const mine = '# mine\nbench:\n  batch: 1-8*2 # doubling\n';
    trial.write(config, mine);
    expect(await trial.init()).toEqual(refused(2, /infer\.config\.yaml is there already/));
    expect(trial.read(config)).toBe(mine);
    expect((await trial.init(['--yes', '--force'])).exitCode).toBe(0);
    expect(trial.read(config).startsWith(`${mine}\ngate:\n`)).toBe(true);
    expect(await readConfig(undefined, trial.folder)).toMatchObject({
      bench: { batch: '1-8*2' },
      gate: { budget: '3m' },
    });
    const before = trial.snapshot();
    expect((await trial.init(['--yes', '--force'])).exitCode).toBe(0);
    expect(trial.snapshot()).toEqual(before);
  });

  it('keeps a gate section that was changed by hand, unless flags ask for another', async () => {
    await trial.init();
    const changed = `# head\n${trial.read(config).replace('alpha: 0.01', 'alpha: 0.02')}\n# about bench\nbench: { seed: 3 }\n`;
    trial.write(config, changed);
    expect((await trial.init(['--yes', '--force'])).stdout).toMatch(/^kept {7}infer\.config\.yaml/);
    expect(trial.read(config)).toBe(changed);
    expect(await trial.init(['--yes', '--budget', '1m'])).toEqual(
      refused(2, /infer\.config\.yaml, \S+ are there already/),
    );
    expect((await trial.init(['--yes', '--budget', '1m', '--force'])).exitCode).toBe(0);
    expect(await readConfig(undefined, trial.folder)).toMatchObject({
      bench: { seed: 3 },
      gate: { alpha: 0.01, budget: '1m' },
    });
    expect(trial.read(config)).toMatch(/^# head\n[^]*\n# about bench\nbench: \{ seed: 3 \}\n$/);
    expect(trial.read(config).match(/metrics:/g)).toHaveLength(1);
  });

  it.each(['{ bench: { seed: 1 } }\n', '- a list\n', 'just text\n', 'bench: [1,\n'])(
    'is refused where the section fits nowhere: %j',
    async (text) => {
      trial.write(config, text);
      expect(await trial.init(['--yes', '--force'])).toEqual(refused(2, /the config is invalid/));
      expect(trial.read(config)).toBe(text);
      expect(existsSync(join(trial.folder, workflow))).toBe(false);
    },
  );

  it('may be an empty config, or one of comments alone', async () => {
    trial.write(config, '# to be filled\n');
    expect((await trial.init(['--yes', '--force'])).exitCode).toBe(0);
    expect(trial.read(config)).toMatch(/^# to be filled\n\ngate:\n/);
  });

  it('may be JSON', async () => {
    trial.write('infer.config.json', '{"bench":{"seed":1}}');
    expect((await trial.init(['--yes', '--force'])).exitCode).toBe(0);
    expect(await readConfig(undefined, trial.folder)).toMatchObject({ bench: { seed: 1 }, gate: { budget: '3m' } });
    expect(existsSync(join(trial.folder, config))).toBe(false);
    expect((await trial.init()).stdout).toMatch(/^kept/);
    expect((await trial.init(['--yes', '--threads', '1'])).stdout).toMatch(/^unchanged/);
  });

  it('may have the line ends of Windows', async () => {
    await trial.init();
    for (const path of [config, workflow, forks]) trial.write(path, trial.read(path).replaceAll('\n', '\r\n'));
    expect((await trial.init(['--yes', '--budget', '3m'])).stdout.match(/unchanged/g)).toHaveLength(3);
  });

  it('is a folder in the way', async () => {
    mkdirSync(join(trial.folder, workflow), { recursive: true });
    expect(await trial.init()).toEqual(refused(2, /infer\.yml cannot be written: it is a directory/));
    expect(existsSync(join(trial.folder, config))).toBe(false);
  });

  it('is a file where the folder would be', async () => {
    trial.write('.github', 'mine');
    expect(await trial.init()).toEqual(refused(2, /infer\.yml/));
    expect(existsSync(join(trial.folder, config))).toBe(false);
  });
});

describe('--dry-run', () => {
  it('prints every file and writes none', async () => {
    trial.write('m.onnx');
    trial.write(workflow, 'name: mine\n');
    const before = trial.snapshot();
    const { exitCode, stdout } = await trial.init(['--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`--- ${config}: would be written\n\n`);
    expect(stdout).toContain(`--- ${workflow}: would be overwritten after a question, or with --force\n\n`);
    expect(stdout).toContain('\ngate:\n  # Time');
    expect(trial.snapshot()).toEqual(before);
  });
});

describe('what is refused', () => {
  it('is to guess where nobody can be asked', async () => {
    trial.write('m.onnx');
    expect(await trial.init([])).toEqual(refused(2, /--yes is missing: give it to take the models/));
  });

  it('is a repository without models', async () => {
    trial.write('node_modules/a/m.onnx');
    expect(await trial.init()).toEqual(refused(2, /there is no \.onnx file here or below/));
    expect(readdirSync(trial.folder).toSorted()).toEqual(['.git', 'node_modules']);
  });

  it.each([
    [['--model', 'n.onnx'], /--model: there is no 'n\.onnx'; did you mean 'm\.onnx'/],
    [['--data', 'missing.npz'], /missing\.npz: no such file/],
    [['--budget', 'soon'], /--budget: 'soon' is not a time/],
    [['--threads', '0'], /--threads: '0' is not a whole number from 1/],
    [['--data', 'm.onnx', '--max-drop', 'much'], /--max-drop: 'much' is not points/],
    [['--base-branch', 'a b'], /--base-branch: 'a b' is not the name of a branch/],
    [['--base-branch', '-x'], /--base-branch/],
  ])('is %j', async (words, problem) => {
    trial.write('m.onnx');
    expect(await trial.init(['--yes', ...words])).toEqual(refused(2, problem));
    expect(existsSync(join(trial.folder, config))).toBe(false);
  });
});

describe('a folder inside of a repository', () => {
  beforeEach(() => {
    trial.write('packages/vision/models/m.onnx');
    trial.write('other.onnx');
  });

  it('has its own config, and workflows at the top that run in it', async () => {
    const { exitCode, stdout } = await trial.init(['--yes'], 'packages/vision');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('written    ../../.github/workflows/infer-packages-vision.yml\n'),
    });
    expect((await gateIn(join(trial.folder, 'packages/vision')))?.scenarios).toMatchObject({
      m: { model: 'models/m.onnx', base: 'git:main' },
    });
    expect(trial.yaml('.github/workflows/infer-packages-vision.yml')).toMatchObject({
      name: 'infer-packages-vision',
      jobs: { gate: { defaults: { run: { 'working-directory': 'packages/vision' } } } },
    });
    expect(trial.yaml('.github/workflows/infer-packages-vision-comment.yml')).toMatchObject({
      on: { workflow_run: { workflows: ['infer-packages-vision'] } },
    });
  });

  it('does not get in the way of another, nor of the top', async () => {
    trial.write('packages/text/m.onnx');
    for (const below of ['packages/vision', 'packages/text', ''])
      expect((await trial.init(['--yes'], below)).exitCode).toBe(0);
    expect(readdirSync(join(trial.folder, '.github/workflows'))).toHaveLength(6);
  });

  it('installs from the lock file that names infer, wherever above it is', async () => {
    trial.write('package.json', JSON.stringify({ workspaces: ['packages/*'] }));
    trial.write('package-lock.json', '{}');
    trial.write('packages/vision/package.json', JSON.stringify({ devDependencies: { infer: '*' } }));
    await trial.init(['--yes'], 'packages/vision');
    const text = trial.read('.github/workflows/infer-packages-vision.yml');
    expect(text).toContain('run: npm ci');
    expect(text).toContain('npx --no-install infer gate');
    expect(text).not.toContain('INFER_PACKAGE');
    expect(text).toMatch(/- name: Install\n +working-directory: \.\n/);
  });

  it('tells of a config further up that is not read any more', async () => {
    trial.write(config, 'bench: {}\n');
    const { stderr } = await trial.init(['--yes'], 'packages/vision');
    expect(stderr).toContain('infer.config.yaml is read instead of ../../infer.config.yaml');
  });
});

it('says on the command line where npx has infer from', async () => {
  trial.write('m.onnx');
  await trial.init(['--yes', '--package', 'https://example.com/infer 1.tgz']);
  expect(trial.yaml(workflow)).toMatchObject({
    jobs: { gate: { env: { INFER_PACKAGE: 'https://example.com/infer 1.tgz' } } },
  });
  expect(readFileSync(join(trial.folder, workflow), 'utf8')).toContain('--package="$INFER_PACKAGE" infer gate');
});

it.each(['https://example.com/it is.tgz', 'git+https://example.com/x.git'])(
  'leaves what the workflow says of it: %s',
  async (source) => {
    trial.write('m.onnx');
    await trial.init(['--yes', '--package', source]);
    const said = trial.read(workflow);
    expect(await trial.init()).toMatchObject({ exitCode: 0 });
    expect(trial.read(workflow)).toBe(said);
    trial.write(workflow, said.replace(/INFER_PACKAGE: .*/, 'INFER_PACKAGE: "infer@1.2.3"'));
    expect((await trial.init()).stdout.match(/unchanged|kept/g)).toHaveLength(3);
  },
);
