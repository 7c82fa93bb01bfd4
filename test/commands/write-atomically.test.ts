import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkWritable, writeAtomically } from '../../src/commands/write-atomically.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A folder of its own for a test. */
function folder(name: string): string {
  const path = join(files.folder, name);
  mkdirSync(path);
  return path;
}

const unwritable = (problem: unknown) =>
  expect.objectContaining({
    name: 'UsageError',
    code: 'output-unwritable',
    details: expect.objectContaining({ problem }),
  });

/** Paths that cannot be written, and why in plain words. */
const impossible: readonly (readonly [string, () => string, string])[] = [
  ['is a folder', () => folder('taken'), 'it is a directory'],
  ['leads through a file', () => join(files.write('plain', ''), 'out.json'), 'a part of its path is a file'],
  [
    'leads deep through a file',
    () => join(files.write('plain', ''), 'a', 'b', 'out.json'),
    'a part of its path is a file',
  ],
  ['leads through too long a name', () => join(files.folder, 'x'.repeat(300), 'out.json'), 'its name is too long'],
];

describe('writeAtomically', () => {
  it('keeps the permissions of a file that it replaces', () => {
    const path = files.write('private.json', 'old');
    chmodSync(path, 0o600);
    writeAtomically(path, 'new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('writes what it is given and leaves nothing else', () => {
    const place = folder('plainly');
    const text = `{"µ": "✓"}\n${'x'.repeat(300_000)}`;
    writeAtomically(join(place, 'out.json'), text);
    expect(readFileSync(join(place, 'out.json'), 'utf8')).toBe(text);
    expect(readdirSync(place)).toEqual(['out.json']);
  });

  it('replaces a file, makes folders, and can write nothing', () => {
    const path = join(folder('again'), 'a', 'b', 'out.json');
    writeAtomically(path, 'a longer first text');
    writeAtomically(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    writeAtomically(path, '');
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(readdirSync(join(path, '..'))).toEqual(['out.json']);
  });

  it('keeps a reader of the old file whole: the new one is another file', () => {
    const path = join(folder('inode'), 'out.json');
    writeAtomically(path, 'old');
    const before = lstatSync(path).ino;
    writeAtomically(path, 'new');
    expect(lstatSync(path).ino).not.toBe(before);
  });

  it('writes through a link to its file', () => {
    const place = folder('links');
    const target = files.write('target.json', 'old');
    symlinkSync(target, join(place, 'latest.json'));
    writeAtomically(join(place, 'latest.json'), 'new');
    expect(lstatSync(join(place, 'latest.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readdirSync(place)).toEqual(['latest.json']);
  });

  it('never puts a file in the place of something that is none', async () => {
    const path = join(folder('sockets'), 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    try {
      expect(() => writeAtomically(path, 'x')).toThrow(unwritable(expect.any(String)));
      expect(lstatSync(path).isSocket()).toBe(true);
    } finally {
      server.close();
    }
  });

  it.each(impossible)('says in plain words why a path that %s cannot be written', (_, path, problem) => {
    const before = readdirSync(files.folder);
    const target = path();
    expect(() => writeAtomically(target, 'x')).toThrow(unwritable(problem));
    expect(readdirSync(files.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(readdirSync(files.folder).length).toBeLessThanOrEqual(before.length + 1);
  });

  it('says so when the name itself is too long', () => {
    expect(() => writeAtomically(join(files.folder, 'x'.repeat(300)), 'x')).toThrow(unwritable('its name is too long'));
  });

  it('writes a file whose name is as long as a name can be', () => {
    const path = join(folder('long'), `${'x'.repeat(250)}.json`);
    writeAtomically(path, 'x');
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it.skipIf(process.platform !== 'linux')('passes on what the system says when it cannot make the file', () => {
    // Nobody makes files in /proc, not even root.
    expect(() => writeAtomically('/proc/infer.json', 'x')).toThrow(unwritable(expect.any(String)));
  });

  it('keeps the words of the system where it has none of its own', () => {
    const loop = join(files.folder, 'loop.json');
    symlinkSync(loop, loop);
    expect(() => writeAtomically(loop, 'x')).toThrow(unwritable(expect.stringContaining('ELOOP')));
  });
});

describe('checkWritable', () => {
  it('is content with a place that can be written, and touches no file', () => {
    const place = folder('fine');
    checkWritable(join(place, 'deep', 'out.json'));
    expect(readdirSync(join(place, 'deep'))).toEqual([]);
    const path = files.write('there.json', 'old');
    checkWritable(path);
    expect(readFileSync(path, 'utf8')).toBe('old');
    checkWritable('/dev/null');
  });

  it.each(impossible.slice(1))('refuses a path that %s', (_, path, problem) => {
    const target = path();
    expect(() => checkWritable(target)).toThrow(unwritable(problem));
  });

  it('refuses a folder', () => {
    expect(() => checkWritable(files.folder)).toThrow(unwritable('it is a directory'));
  });

  it('refuses a folder without permission', () => {
    // Root may write anywhere, except where the kernel itself has nothing to write to.
    const isRoot = process.getuid?.() === 0;
    const place = isRoot ? '/sys' : folder('locked');
    if (!isRoot) chmodSync(place, 0o500);
    expect(() => writeAtomically(join(place, 'out.json'), 'x')).toThrow(unwritable('permission denied'));
  });
});
