import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/cli/config-file.ts';
import { initialize } from '../../src/cli/init-command.ts';
import type { InitFlags } from '../../src/cli/init-options.ts';
import type { Io } from '../../src/cli/io.ts';
import { gateSection } from '../../src/init/gate-section.ts';
import { scenarioNames } from '../../src/init/scenario-names.ts';
import { workflowPaths, workflowSlug } from '../../src/init/workflow-place.ts';
import { yamlText } from '../../src/init/yaml-text.ts';
import { parse } from 'yaml';
import { temporaryFolder } from '../models/temporary-models.ts';
import { answering, InitTrial } from './init-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let trial = new InitTrial(files);
beforeEach(() => {
  trial = new InitTrial(files);
  trial.git('init', '-b', 'main');
});

async function run(answers: Parameters<typeof answering>[0], flags: Partial<InitFlags> = {}) {
  const { prompts, asked } = answering(answers);
  const output: string[] = [];
  const stream = { write: (text: string) => output.push(text) };
  const io: Io = {
    stdout: stream,
    stderr: stream,
    isInteractive: true,
    env: {},
    cwd: trial.folder,
    now: () => new Date(0),
    openRuntime: () => Promise.reject(new Error('no runtime expected')),
    onInterrupt: () => () => undefined,
  };
  const exitCode = await initialize({ flags: { comment: true, calibrate: false, ...flags }, prompts, io });
  return { exitCode, asked, output: output.join('') };
}

describe('questions', () => {
  it('are asked for what no flag says', async () => {
    trial.write('one.onnx');
    trial.write('two.onnx', 'longer');
    trial.write('it.npz');
    const { exitCode, asked } = await run({
      'Which models': ['one.onnx'],
      'Labeled samples': 'it.npz',
      'How much quality': '2%',
      'How long may': '45s',
      'Which branch': 'develop',
      'Tell the verdict': false,
    });
    expect(exitCode).toBe(0);
    expect(asked).toHaveLength(7);
    expect((await readConfig(undefined, trial.folder)).gate).toMatchObject({
      budget: '45s',
      scenarios: { one: { model: 'one.onnx', base: 'git:develop', quality: { data: 'it.npz', maxDrop: '2%' } } },
    });
    expect(trial.yaml('.github/workflows/infer.yml')).not.toHaveProperty('jobs.comment');
  });

  it('are not asked where a flag, a lone model or the config answers', async () => {
    trial.write('one.onnx');
    const first = await run({}, { budget: '1m', threads: '2', baseBranch: 'main' });
    expect(first.asked).toEqual([
      expect.stringMatching(/^Labeled samples to judge the quality of one\.onnx/),
      'Tell the verdict in a comment on the pull request?',
    ]);
    const before = trial.snapshot();
    const second = await run({});
    expect(second.asked).toEqual([
      'Which branch do pull requests go to?',
      'Tell the verdict in a comment on the pull request?',
    ]);
    expect(trial.snapshot()).toEqual(before);
  });

  it('come before a file is overwritten; the others are written all the same', async () => {
    trial.write('one.onnx');
    trial.write('.github/workflows/infer.yml', 'name: mine\n');
    const { exitCode, asked, output } = await run({});
    expect(asked.at(-1)).toBe('.github/workflows/infer.yml says something else. Overwrite it?');
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^left .*infer\.yml/m) });
    expect(trial.read('.github/workflows/infer.yml')).toBe('name: mine\n');
    await run({ '.github': true });
    expect(trial.read('.github/workflows/infer.yml')).toContain('actions/checkout');
  });
});

describe('names of any kind', () => {
  const names = [
    'with space.onnx',
    `it's "quoted".onnx`,
    'größe 模型 🚀.onnx',
    '$(touch pwned) `x` ${{ github.token }}.onnx',
    '- dash: {x} [y] # z.onnx',
    'true.onnx',
    '1e3.onnx',
    'tab\tand\nline\u0085\u2028.onnx',
    '-x.onnx',
    '{.onnx',
    '__proto__x.onnx',
  ];

  it('come through the config as they are', async () => {
    for (const name of names) trial.write(`models dir/${name}`, 'x');
    const { exitCode } = await run({ 'Which models': names.map((name) => `models dir/${name}`) });
    expect(exitCode).toBe(0);
    const { scenarios = {} } = (await readConfig(undefined, trial.folder)).gate ?? {};
    expect(
      Object.values(scenarios)
        .map(({ model }) => model)
        .toSorted(),
    ).toEqual(names.map((name) => join('models dir', name)).toSorted());
    expect(Object.keys(scenarios).toSorted()).toEqual(names.map((name) => name.replace('.onnx', '')).toSorted());
    expect(trial.read('.github/workflows/infer.yml')).not.toContain('touch pwned');
  });

  it.each(['', 'a', 'null', 'No', '3m', '0.5pt', '1%', '1:2', 'git:main', 'a: b', 'a #b', '.5', '~', '\u007F', '\\'])(
    'are text in YAML: %j',
    (text) => {
      expect(parse(`a: ${yamlText(text)}`)).toEqual({ a: text });
      expect(parse(`a: { ${yamlText(text)}: 1 }`)).toEqual({ a: { [text]: 1 } });
    },
  );

  it('tell scenarios and workflows apart', () => {
    expect(scenarioNames(['a/m.onnx', 'b/m.onnx', 'n.ONNX', 'sub/.onnx', '__proto__.onnx'])).toEqual([
      'a/m.onnx',
      'b/m.onnx',
      'n',
      'sub',
      '__proto__.onnx',
    ]);
    const folders = ['', 'a', 'a/b', 'a-b', 'a b', 'A/b', 'comment', 'ü', 'ö', '..'];
    const slugs = folders.map((folder) => workflowSlug({ folder, config: '' }));
    expect(slugs.slice(0, 3)).toEqual(['infer', 'infer-a', 'infer-a-b']);
    for (const slug of slugs) expect(slug).toMatch(/^infer(-[a-z0-9]+)*$/);
    const paths = folders.flatMap((folder) => Object.values(workflowPaths({ folder, config: '' })));
    expect(new Set(paths).size).toBe(paths.length);
  });
});

it('a section of the config has every scenario and what a reader may want to change', () => {
  const model = { path: 'm.onnx', data: null, dims: { 'x#0': 2 }, openDims: ['höhe'] };
  const answers = {
    models: [model, { ...model, path: 'n.onnx', data: 'd.npz' }],
    maxDrop: '1pt',
    budget: '3m',
    budgetMs: 0,
    threads: 4,
    baseBranch: 'main',
    comment: true,
  };
  const text = gateSection({ answers, baseRef: 'origin/main' });
  expect(parse(text)).toMatchObject({
    gate: {
      scenarios: {
        m: { base: 'git:origin/main', threads: 4, dim: { 'x#0': 2 } },
        n: { quality: { data: 'd.npz', maxDrop: '1pt' } },
      },
    },
  });
  // What stands in comments is right too.
  const uncommented = text.replaceAll(/^( +)# (metrics:| +(?:latency|nodes|file-size).*)$/gm, '$1$2');
  expect(Object.keys(parse(uncommented).gate.scenarios.n.metrics)).toEqual([
    'latency-p50',
    'latency-p99',
    'nodes',
    'file-size',
  ]);
});
