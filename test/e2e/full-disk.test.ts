import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { addModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
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
disk=$1; seen=$2; shift 2
mount -t tmpfs -o size=64k tmpfs "$disk"
printf older > "$disk/result.json"
cat /dev/zero > "$disk/filler" 2> /dev/null || true
code=0; "$@" || code=$?
ls -A "$disk" > "$seen/listing"
cp "$disk/result.json" "$seen/result.json"
exit $code`;

describe('a disk that is full', () => {
  it.skipIf(!mayRun)('costs the file, not the result: one sentence, exit code 2', async () => {
    const model = files.write('add.onnx', addModel());
    const [disk, seen] = [join(files.folder, 'disk'), join(files.folder, 'seen')];
    mkdirSync(disk);
    mkdirSync(seen);
    const path = join(disk, 'result.json');
    const words = [process.execPath, binary, 'bench', model, ...quick, '--quiet', '-o', path];
    const shell = ['sh', '-c', script, 'full-disk', disk, seen, ...words];
    const { exitCode, stdout, stderr } = await spawnProgram('unshare', [...unshare, ...shell]).ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: [^\n]*disk\/result\.json cannot be written: the disk is full; [^\n]*\n$/),
    });
    expect(stdout).toMatch(/^add\.onnx, cpu/);
    const printed = benchResultSchema.parse(JSON.parse(stdout.slice(stdout.indexOf('\n{'))));
    expect(printed.points).toMatchObject([{ status: 'ok' }]);
    expect(readFileSync(join(seen, 'listing'), 'utf8')).toBe('filler\nresult.json\n');
    expect(readFileSync(join(seen, 'result.json'), 'utf8')).toBe('older');
  });
});
