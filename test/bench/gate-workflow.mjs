// Does the workflow that `infer init` writes do what it says? `npm run bench:gate-workflow [-- --budget 60s] [--keep]`
// In a scratch repository with a model on main, its `run` steps are executed in order, as a runner would: on a shallow
// checkout of the merge, with `bash -e`, outputs and summary in files; for a push to main, a good pull request and
// three bad ones (slower; bigger; int8 with its accuracy lost). What would be uploaded is checked: the JUnit file
// against the schema that JUNIT_XSD names, where xmllint is installed. Nothing reaches a network: npx is a stand-in
// that starts this build.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { bigger, broken, retrained, slower } from './gate-workflow-models.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const infer = join(root, 'bin/infer.js');
const digits = (name) => join(root, 'fixtures/digits', name);
const words = process.argv.slice(2);
const budget = words.includes('--budget') ? words[words.indexOf('--budget') + 1] : '60s';
const folder = mkdtempSync(join(process.env.INFER_BENCH_DIR ?? tmpdir(), 'infer-gate-workflow-'));
const origin = join(folder, 'origin');
const model = 'models/digits.onnx';

const git = (cwd, ...args) =>
  execFileSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always', ...args],
    {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  ).trim();

const runInfer = (cwd, ...args) =>
  execFileSync(process.execPath, [infer, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });

/** main, with the model, its data, and what `infer init` writes. */
function makeOrigin() {
  mkdirSync(join(origin, 'models'), { recursive: true });
  git(folder, 'init', '--quiet', '-b', 'main', origin);
  copyFileSync(digits('cnn.onnx'), join(origin, model));
  copyFileSync(digits('test.npz'), join(origin, 'models/test.npz'));
  const source = ['--package', 'infer-0.1.0.tgz'];
  const data = ['--data', 'models/test.npz', '--base-branch', 'main'];
  const flags = ['--yes', '--no-calibrate', '--budget', budget, ...data, ...source];
  process.stdout.write(runInfer(origin, 'init', ...flags));
  const again = runInfer(origin, 'init', '--yes', '--no-calibrate', '--quiet');
  console.log(/written/.test(again) ? 'A SECOND infer init WROTE SOMETHING' : 'a second infer init changes nothing');
  git(origin, 'add', '.');
  git(origin, 'commit', '--quiet', '-m', 'Gate the model');
}

/** A pull request as GitHub offers it: `refs/pull/N/merge`, the merge of the branch into main. */
async function openPullRequest(number, name, change) {
  git(origin, 'checkout', '--quiet', '-b', name, 'main');
  await change(digits('cnn.onnx'), join(origin, model));
  git(origin, 'commit', '--quiet', '-a', '-m', name);
  git(origin, 'checkout', '--quiet', '--detach', 'main');
  git(origin, 'merge', '--quiet', '--no-ff', '-m', `Merge ${name}`, name);
  git(origin, 'update-ref', `refs/pull/${number}/merge`, 'HEAD');
  git(origin, 'checkout', '--quiet', 'main');
}

/** What actions/checkout does with `fetch-depth: 2`. */
function checkout(workspace, ref) {
  mkdirSync(workspace, { recursive: true });
  git(workspace, 'init', '--quiet');
  git(workspace, 'remote', 'add', 'origin', `file://${origin}`);
  const isPull = ref.startsWith('refs/pull/');
  const local = isPull ? ref.replace('refs/', 'refs/remotes/') : 'refs/remotes/origin/main';
  git(workspace, 'fetch', '--quiet', '--no-tags', '--depth=2', 'origin', `+${ref}:${local}`);
  if (isPull) git(workspace, 'checkout', '--quiet', '--detach', local);
  else git(workspace, 'checkout', '--quiet', '-B', 'main', local);
}

/** In front of the real one on the PATH. */
function standIn() {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/bash\nwhile [ "$1" != infer ]; do shift; done\nshift\nexec "${process.execPath}" "${infer}" "$@"\n`;
  writeFileSync(join(bin, 'npx'), script, { mode: 0o755 });
  return `${bin}${delimiter}${process.env.PATH}`;
}

/** The few kinds of expressions that the workflow has. */
function evaluate(expression, contexts) {
  const code = expression
    .replaceAll(/\b(github|runner|steps|env)((?:\.[\w-]+)+)/g, (_, name, path) =>
      JSON.stringify(
        path
          .slice(1)
          .split('.')
          .reduce((value, key) => value?.[key], contexts[name]) ?? '',
      ),
    )
    .replaceAll('cancelled()', 'false')
    .replaceAll('success()', String(contexts.success));
  return new Function(`return (${code});`)();
}

const substituted = (text, contexts) =>
  String(text).replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression) => evaluate(expression, contexts));

function shouldRun(step, contexts) {
  const condition = (step.if ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  // Without a word about the steps before, a step runs where none has failed.
  const full = /\b(success|cancelled|always|failure)\(\)/.test(condition) ? condition : `success() && (${condition})`;
  return evaluate(full, contexts);
}

/** Lines `name=value` that a step wrote. */
function outputsIn(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return Object.fromEntries(lines.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s, 2)));
}

const calibrations = '.cache/infer-calibration';

/** What the push to main saved is there for pull requests. */
function restore(home) {
  const saved = join(folder, 'push/home', calibrations);
  if (!existsSync(saved) || home === join(folder, 'push/home')) return {};
  cpSync(saved, join(home, calibrations), { recursive: true });
  return { 'cache-hit': 'true' };
}

/** Runs the job `gate` for one event. */
function runJob(name, { event, number, ref }) {
  const place = join(folder, name);
  const workspace = join(place, 'workspace');
  const temp = join(place, 'temp');
  const home = join(place, 'home');
  for (const path of [temp, home]) mkdirSync(path, { recursive: true });
  checkout(workspace, ref);
  const job = parse(readFileSync(join(workspace, '.github/workflows/infer.yml'), 'utf8')).jobs.gate;
  const contexts = {
    github: { event_name: event, base_ref: number === null ? '' : 'main', event: { pull_request: { number } } },
    runner: { os: 'Linux', arch: 'X64', temp },
    steps: {},
    env: job.env,
    success: true,
  };
  const summary = join(place, 'summary.md');
  writeFileSync(summary, '');
  const taken = [];
  for (const step of job.steps) {
    if (!shouldRun(step, contexts)) continue;
    if (step.run === undefined) {
      if (step.uses.startsWith('actions/cache/restore')) contexts.steps[step.id] = { outputs: restore(home) };
      taken.push({
        name: step.name ?? step.uses,
        inputs: Object.values(step.with ?? {}).map((value) => substituted(value, contexts)),
      });
      continue;
    }
    const output = join(temp, `output-${taken.length}`);
    const script = join(temp, `step-${taken.length}.sh`);
    writeFileSync(script, substituted(step.run, contexts));
    const own = Object.fromEntries(
      Object.entries({ ...job.env, ...step.env }).map(([key, value]) => [key, substituted(value, contexts)]),
    );
    const env = {
      ...process.env,
      CI: 'true',
      PATH: path,
      HOME: home,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...own,
    };
    const { status, stdout, stderr } = spawnSync('bash', ['-e', script], { cwd: workspace, env, encoding: 'utf8' });
    if (step.id !== undefined) contexts.steps[step.id] = { outputs: outputsIn(output) };
    contexts.success &&= status === 0;
    taken.push({ name: step.name, status, stdout, stderr });
  }
  return { place, temp, summary, taken, workspace };
}

/** What a reader of the results finds. */
function describe(name, { temp, summary, taken, workspace }) {
  console.log(`\n=== ${name}`);
  for (const { name: step, status, inputs } of taken)
    console.log(
      status === undefined
        ? `    -  ${step}: ${inputs.join(' ').replaceAll('\n', ' ')}`
        : `${String(status).padStart(5)}  ${step}`,
    );
  const gate = taken.find(({ name: step }) => step === 'Gate');
  const file = join(temp, 'infer-gate/gate.json');
  const isRun = existsSync(file);
  if (isRun) {
    const { verdict, cells } = JSON.parse(readFileSync(file, 'utf8'));
    const told = cells.map(
      (cell) => `${cell.metric} ${cell.verdict}${cell.verdict === 'fail' ? ` (${cell.severity})` : ''}`,
    );
    console.log(`verdict ${verdict}: ${told.join(', ')}`);
  } else if (gate !== undefined) console.log(`${gate.stdout}${gate.stderr}`);
  const annotations =
    taken
      .find(({ name: step }) => step === 'Report')
      ?.stdout.split('\n')
      .filter((line) => line.startsWith('::')) ?? [];
  for (const line of annotations) console.log(line);
  const sizes = ['junit.xml', 'gate.html', 'gate.json', 'comment/comment.md', 'comment/pull-request.txt'].map((path) =>
    join(temp, 'infer-gate', path),
  );
  console.log(
    sizes
      .filter(existsSync)
      .map((path) => `${path.slice(temp.length + 12)} ${statSync(path).size} bytes`)
      .join(', '),
  );
  console.log(
    `summary ${statSync(summary).size} bytes; ${git(workspace, 'status', '--porcelain') || 'the working tree is clean'}`,
  );
  const junit = join(temp, 'infer-gate/junit.xml');
  if (isRun) console.log(`JUnit: ${checkJunit(junit)}`);
  for (const { status, name: step, stderr } of taken)
    if (status !== undefined && status !== 0 && step !== 'Gate') console.log(`${step}: ${stderr}`);
  return gate?.status;
}

function checkJunit(file) {
  const schema = process.env.JUNIT_XSD;
  const flags = schema === undefined ? [] : ['--schema', schema];
  const { error, status, stderr } = spawnSync('xmllint', ['--noout', ...flags, file], { encoding: 'utf8' });
  if (error !== undefined) return 'xmllint is not installed';
  if (status !== 0) return `INVALID\n${stderr}`;
  return schema === undefined ? 'well-formed (JUNIT_XSD names no schema)' : 'valid by the schema';
}

const path = standIn();
makeOrigin();
const pulls = [
  { name: 'good', change: retrained, expected: 0 },
  { name: 'slower', change: slower, expected: 1 },
  { name: 'bigger', change: bigger, expected: 1 },
  { name: 'broken-int8', change: (from, to) => broken(infer, from, to), expected: 1 },
];
let isGood = true;
describe('push to main', runJob('push', { event: 'push', number: null, ref: 'refs/heads/main' }));
for (const [at, { name, change, expected }] of pulls.entries()) {
  const number = at + 1;
  await openPullRequest(number, name, change);
  const status = describe(
    `pull request ${number}: ${name}`,
    runJob(name, { event: 'pull_request', number, ref: `refs/pull/${number}/merge` }),
  );
  const isExpected = status === expected;
  isGood &&= isExpected;
  console.log(`${isExpected ? 'as expected' : 'UNEXPECTED'}: the gate's exit code is ${status}, ${expected} expected`);
}
if (words.includes('--keep')) console.log(`\nkept: ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = isGood ? 0 : 1;
