import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { addModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { writeLargeModel } from './large-model.ts';
import { binary, quick, spawnProgram } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A mount namespace of our own: the file system in it goes with the last process, whatever happens. */
const unshare = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];

function canMount(): boolean {
  const folder = join(files.folder, 'try');
  mkdirSync(folder);
  try {
    execFileSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

// A workflow that cannot mount must say so, not pass.
const mayRun = process.env['CI'] !== undefined || canMount();

const script = `
set -e
disk=$1; seen=$2; file=$3; shift 3
mount -t tmpfs -o size=64k tmpfs "$disk"
printf older > "$disk/$file"
cat /dev/zero > "$disk/filler" 2> /dev/null || true
code=0; "$@" || code=$?
ls -A "$disk" > "$seen/listing"
cp "$disk/$file" "$seen/$file"
exit $code`;

/** Runs infer with a full disk on which an older file of that name stands. */
async function withFullDisk(file: string, wordsFor: (path: string) => readonly string[]) {
  const folder = join(files.folder, crypto.randomUUID());
  const [disk, seen] = [join(folder, 'disk'), join(folder, 'seen')];
  mkdirSync(disk, { recursive: true });
  mkdirSync(seen);
  const words = [process.execPath, binary, ...wordsFor(join(disk, file))];
  const ended = await spawnProgram('unshare', [...unshare, 'sh', '-c', script, 'sh', disk, seen, file, ...words]).ended;
  const listing = readFileSync(join(seen, 'listing'), 'utf8').split('\n').slice(0, -1);
  return { ...ended, listing, file: readFileSync(join(seen, file), 'utf8') };
}

describe('a disk that is full', () => {
  it.skipIf(!mayRun)('costs the file, not the result: one sentence, exit code 2', async () => {
    const model = files.write('add.onnx', addModel());
    const wordsFor = (path: string) => ['bench', model, ...quick, '--quiet', '-o', path];
    const { exitCode, stdout, stderr, listing, file } = await withFullDisk('result.json', wordsFor);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: [^\n]*disk\/result\.json cannot be written: the disk is full; [^\n]*\n$/),
    });
    expect(stdout).toMatch(/^add\.onnx, cpu/);
    const printed = benchResultSchema.parse(JSON.parse(stdout.slice(stdout.indexOf('\n{'))));
    expect(printed.points).toMatchObject([{ status: 'ok' }]);
    expect({ listing, file }).toEqual({ listing: ['filler', 'result.json'], file: 'older' });
  });

  it.skipIf(!mayRun)('costs a model nothing: the older one is whole, one sentence, exit code 2', async () => {
    const large = join(files.folder, 'large.onnx');
    await writeLargeModel(large, 1);
    const wordsFor = (path: string) => ['optimize', large, '--no-verify', '--force', '-o', path];
    const { listing, file, ...ended } = await withFullDisk('out.onnx', wordsFor);
    const stderr = expect.stringMatching(/^error: [^\n]*out\.onnx cannot be written: the disk is full; [^\n]*\n$/);
    expect(ended).toEqual({ exitCode: 2, signal: null, stdout: '', stderr });
    expect({ listing, file }).toEqual({ listing: ['filler', 'out.onnx'], file: 'older' });
  });
});
