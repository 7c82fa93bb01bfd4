// What a user gets: `npm pack`, a global install of the tarball, `infer bench` from another folder. A dependent's
// install sees neither our .npmrc nor our allowScripts, so the variable must keep onnxruntime-node from downloading.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realModel } from '../bench/real-models.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'infer-install-'));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
const run = (file, argv, cwd = folder) =>
  execFileSync(file, argv, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
try {
  const [{ filename, size, entryCount }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', folder], root),
  );
  console.log(`${filename}: ${(size / 1e3).toFixed(0)} kB, ${entryCount} files`);
  run('npm', ['install', '--global', '--prefix', folder, join(folder, filename)]);
  const { path, input, dims } = realModel('cls');
  const words = ['bench', path, '--shape', `${input}=${dims.join('x')}`, '--budget', '3s'];
  console.log(run(join(folder, 'bin', 'infer'), words));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
