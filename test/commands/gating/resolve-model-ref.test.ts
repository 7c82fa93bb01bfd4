import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveModelRef } from '../../../src/commands/gating/resolve-model-ref.ts';
import type { ReferredModel } from '../../../src/commands/gating/resolve-model-ref.ts';
import { InferError } from '../../../src/errors.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { describeError } from '../../../src/report/messages/message.ts';
import { addModel, linearModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { block, initializer, modelOf, number } from '../../onnx/file/wire-bytes.ts';
import { benchResult } from '../../report/fixture-bench-result.ts';
import { ScratchRepository } from '../../runtime/scratch-repository.ts';

const files = temporaryFolder();
afterAll(files.remove);

const saved = benchResult(['m.onnx'], []);

let scratch = new ScratchRepository(join(files.folder, 'unused'));
beforeEach(() => {
  scratch = new ScratchRepository(join(files.folder, crypto.randomUUID()));
});

/** A model of two tensors of four bytes, each in a data file. */
function externalModel(...locations: readonly string[]): Uint8Array {
  const entry = (key: string, value: string) => block(13, block(1, key), block(2, value));
  const tensors = locations.map((location, index) =>
    initializer(`w${index}`, { type: 2, dims: [4] }, entry('location', location), number(14, 1)),
  );
  return modelOf(...tensors);
}

async function modelAt(ref: string, cwd = scratch.folder): Promise<ReferredModel> {
  const found = await resolveModelRef(ref, { cwd });
  if (found.kind !== 'model') throw new Error(`${ref} is a ${found.kind}`);
  return found;
}

/** The sentence of a ref that leads nowhere. */
async function refusal(ref: string, cwd = scratch.folder): Promise<string> {
  try {
    await resolveModelRef(ref, { cwd });
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
  throw new Error(`${ref} was found`);
}

describe('git:REF:PATH', () => {
  it('is the file as it was there, in a folder that goes with dispose', async () => {
    scratch.write('models/m.onnx', linearModel());
    const commit = scratch.commit();
    scratch.write('models/m.onnx', addModel());
    const model = await modelAt('git:main:models/m.onnx');
    expect(model).toMatchObject({ ref: 'git:main:models/m.onnx', commit, dirty: false });
    expect(readFileSync(model.path)).toEqual(Buffer.from(linearModel()));
    model.dispose();
    expect(existsSync(dirname(model.path))).toBe(false);
    // The working tree is as it was.
    expect(readFileSync(join(scratch.folder, 'models/m.onnx'))).toEqual(Buffer.from(addModel()));
  });

  it('counts its path from the top, or with ./ from where it is called', async () => {
    scratch.write('models/m.onnx', linearModel());
    scratch.commit();
    const below = join(scratch.folder, 'models');
    for (const [ref, cwd] of [
      ['git:HEAD:models/m.onnx', below],
      ['git:HEAD:./m.onnx', below],
      ['git:HEAD:../models/m.onnx', below],
      ['git:HEAD:./models/m.onnx', scratch.folder],
    ] as const) {
      const model = await modelAt(ref, cwd);
      expect(existsSync(model.path)).toBe(true);
      model.dispose();
    }
    expect(await refusal('git:HEAD:m.onnx', below)).toMatch(/; from this folder it is git:HEAD:\.\/m\.onnx$/);
  });

  it('brings the data files of the same commit along', async () => {
    scratch.write('models/m.onnx', externalModel('m.data', 'parts/w.bin'));
    scratch.write('models/m.data', 'abcd');
    scratch.write('models/parts/w.bin', 'efgh');
    scratch.commit();
    scratch.write('models/m.data', 'WXYZ');
    const model = await modelAt('git:HEAD:models/m.onnx');
    const opened = openModel(model.path);
    const bytes = [...opened.model.graph.initializers].map((value) =>
      String(Buffer.from(value.constant?.bytes() ?? [])),
    );
    opened.close();
    model.dispose();
    expect(bytes).toEqual(['abcd', 'efgh']);
  });

  it('says which data file was not committed', async () => {
    scratch.write('m.onnx', externalModel('m.data'));
    scratch.commit();
    scratch.write('m.data', 'abcd');
    expect(await refusal('git:main:m.onnx')).toBe(
      "git:main:m.onnx: tensor 'w0' keeps its data in 'm.data', which cannot be used: m.data is not in git at that commit; commit it beside the model",
    );
  });

  it('fetches nothing that lies outside of the model’s folder', async () => {
    scratch.write('models/m.onnx', externalModel('../secret'));
    scratch.write('secret', 'abcd');
    scratch.commit();
    const model = await modelAt('git:main:models/m.onnx');
    expect(existsSync(join(dirname(model.path), '..', 'secret'))).toBe(false);
    expect(() => openModel(model.path)).toThrow(/leads out of the model's folder/);
    model.dispose();
  });
});

describe('a ref that leads nowhere is one sentence with its cure', () => {
  beforeEach(() => {
    scratch.write('models/m.onnx', linearModel());
    scratch.write('readme.onnx', '# no model, and longer than a tag');
    scratch.commit();
  });

  it.each([
    [
      'git:mian:models/m.onnx',
      "git:mian:models/m.onnx: git knows no 'mian'; did you mean 'main'? (it knows: main); fetch it first, or name a branch, a tag or a commit",
    ],
    ['git:main:models', 'git:main:models: models is a folder there; give the path of a model'],
    [
      'git:main',
      "--base: 'git:main' is not a model in git; write git:REF:PATH with / in the path, such as git:main:models/model.onnx",
    ],
  ])('%s', async (ref, sentence) => {
    expect(await refusal(ref)).toBe(sentence);
  });

  it.each([
    [
      'git:main:models/n.onnx',
      /^git:main:models\/n\.onnx: there is no models\/n\.onnx at commit [0-9a-f]{12}; did you mean 'models\/m\.onnx'\? \(there are: models\/m\.onnx, readme\.onnx\); paths count from the top of the repository$/,
    ],
    ['git:--all:m.onnx', /^--base: 'git:--all:m\.onnx' is not a model in git/],
    ['git:main:/etc/m.onnx', /^--base: 'git:main:\/etc\/m\.onnx' is not a model in git/],
    ['git:main:readme.onnx', /is not an ONNX model: it holds text; .*; this is git:main:readme\.onnx, read from git$/],
  ])('%s', async (ref, sentence) => {
    expect(await refusal(ref)).toMatch(sentence);
  });

  it('a link', async () => {
    symlinkSync('models/m.onnx', join(scratch.folder, 'link.onnx'));
    scratch.commit();
    expect(await refusal('git:main:link.onnx')).toBe(
      'git:main:link.onnx: link.onnx is a link there; name the file that it leads to',
    );
  });

  it('a folder outside of any repository', async () => {
    expect(await refusal('git:main:m.onnx', files.folder)).toBe(
      `git:main:m.onnx: ${files.folder} is in no git repository; run it inside of one, or give the path of a file`,
    );
  });

  it('a shallow clone', async () => {
    scratch.write('models/m.onnx', addModel());
    scratch.commit();
    scratch.git('branch', 'base', 'HEAD~1');
    const clone = join(files.folder, crypto.randomUUID());
    scratch.git('clone', '--quiet', '--depth=1', `file://${scratch.folder}`, clone);
    expect(await refusal('git:base:models/m.onnx', clone)).toBe(
      "git:base:models/m.onnx: this clone is shallow and has no 'base'; fetch it with git fetch --depth=1 origin base:refs/remotes/origin/base, " +
        'or all of the history with git fetch --unshallow (in GitHub Actions: fetch-depth: 0 of actions/checkout)',
    );
    // The cure that it names is one.
    scratch.git('-C', clone, 'fetch', '--quiet', '--depth=1', 'origin', 'base:refs/remotes/origin/base');
    const model = await modelAt('git:base:models/m.onnx', clone);
    expect(readFileSync(model.path)).toEqual(Buffer.from(linearModel()));
    model.dispose();
  });
});

describe('Git LFS', () => {
  const path = process.env['PATH'] ?? '';
  const pointer = (sizeBytes: number) =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${sizeBytes}\n`;
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** A git-lfs that does as the lines say with a pointer. */
  function installLfs(smudge: string, version = 'echo git-lfs/9; exit 0'): void {
    const folder = join(files.folder, crypto.randomUUID());
    mkdirSync(folder);
    const program = join(folder, 'git-lfs');
    writeFileSync(program, `#!/bin/sh\nif [ "$1" = version ]; then ${version}; fi\ncat > /dev/null\n${smudge}\n`);
    chmodSync(program, 0o755);
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  }

  function commitPointer(): void {
    files.write('content.onnx', linearModel());
    scratch.write('m.onnx', pointer(linearModel().length));
    scratch.commit();
  }

  it('is asked for what a pointer stands for', async () => {
    commitPointer();
    installLfs(`cat '${join(files.folder, 'content.onnx')}'`);
    const model = await modelAt('git:main:m.onnx');
    expect(readFileSync(model.path)).toEqual(Buffer.from(linearModel()));
    model.dispose();
  });

  it('that is not installed is told', async () => {
    commitPointer();
    installLfs('exit 1', 'exit 1');
    expect(await refusal('git:main:m.onnx')).toMatch(
      /^git:main:m\.onnx is kept in Git LFS, and its content cannot be had: git-lfs is not installed; install git-lfs/,
    );
  });

  it.each([
    ['echo "no such object" >&2; exit 2', 'no such object'],
    ['echo half', /git-lfs gave 5 of \d+ bytes/],
    ['exit 127', /git-lfs gave 0 of \d+ bytes/],
  ])('that fails by %j is told', async (smudge, problem) => {
    commitPointer();
    installLfs(smudge);
    const sentence = await refusal('git:main:m.onnx');
    expect(sentence).toMatch(problem);
    expect(sentence).toMatch(
      /^git:main:m\.onnx is kept in Git LFS, and its content cannot be had: .*; install git-lfs \(https:\/\/git-lfs\.com\) and run git lfs fetch origin main first$/,
    );
  });
});

describe('a file', () => {
  it('is told by where it stands in git', async () => {
    scratch.write('m.onnx', externalModel('m.data'));
    scratch.write('m.data', 'abcd');
    const commit = scratch.commit();
    expect(await modelAt('m.onnx')).toMatchObject({ path: join(scratch.folder, 'm.onnx'), commit, dirty: false });
    scratch.write('m.data', 'efgh');
    expect(await modelAt('m.onnx')).toMatchObject({ commit, dirty: true });
    scratch.write('new.onnx', linearModel());
    expect(await modelAt('new.onnx')).toMatchObject({ commit: null, dirty: null });
    const outside = files.write('outside.onnx', linearModel());
    expect(await modelAt(outside)).toMatchObject({ path: outside, ref: outside, commit: null, dirty: null });
    (await modelAt(outside)).dispose();
    expect(existsSync(outside)).toBe(true);
  });

  it('that is JSON is a saved result', async () => {
    const path = files.write('bench.json', JSON.stringify(saved));
    expect(await resolveModelRef(path, { cwd: '/' })).toMatchObject({ kind: 'result', saved: { kind: 'bench' }, path });
  });

  it.each([
    [
      'cut.json',
      JSON.stringify(saved).slice(0, 900),
      /cut\.json is not a result that can be read: its JSON stops early, line 1/,
    ],
    ['cut.onnx', '{"schemaVersion": 1, "kind"', /cut\.onnx is not a result that can be read: its JSON stops early/],
    [
      'changed.json',
      JSON.stringify({ ...saved, points: 'none' }),
      /changed\.json is not a result .*: points: expected array/,
    ],
    [
      'new.json',
      '{"schemaVersion": 99, "kind": "gate"}',
      /new\.json has result format 99, and this version reads up to 1; update infer/,
    ],
  ])('%s is refused', async (name, text, sentence) => {
    expect(await refusal(files.write(name, text))).toMatch(sentence);
  });

  it('that is missing is told by whoever opens it, but for a result', async () => {
    expect(await modelAt('nope.onnx')).toMatchObject({ path: join(scratch.folder, 'nope.onnx'), commit: null });
    expect(await refusal('nope.json')).toMatch(/nope\.json: no such file; a model or saved result was expected there/);
  });
});
