// Compiles src to dist: only what changed since the last time, for a whole build takes its time, and npx builds
// before every command that it runs in this folder. What dist has of sources that are gone is removed, and where something
// is missing from it everything is compiled. Types are checked by check:types, not here: that is half of a build.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const state = 'build.tsbuildinfo';

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : [];

const sources = filesIn(join(root, 'src')).filter((file) => file.endsWith('.ts'));
const expected = new Set(sources.flatMap((file) => [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.d.ts')]));
const present = filesIn(dist);
const gone = present.filter((file) => /\.(js|ts)$/.test(file) && !expected.has(file));
for (const file of gone) rmSync(join(dist, file));
const found = new Set(present);
const isWhole = [...expected].every((file) => found.has(file));
const statePath = join(dist, state);
if (!isWhole) rmSync(statePath, { force: true });

/** Whether the last build succeeded and nothing has been written since. */
function isFresh() {
  if (!existsSync(statePath)) return false;
  const builtMs = statSync(statePath).mtimeMs;
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'build.mjs'];
  const inputs = [...files, ...sources.map((file) => join('src', file))].map((file) => join(root, file));
  return inputs.every((file) => !existsSync(file) || statSync(file).mtimeMs < builtMs);
}

function compile() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const words = [tsc, '-p', 'tsconfig.build.json', '--incremental', '--noCheck', '--tsBuildInfoFile', statePath];
  const begun = new Date();
  try {
    execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
    // What was written while it compiled is newer.
    utimesSync(statePath, begun, begun);
  } catch {
    // It has said why, and says it again the next time.
    if (existsSync(statePath)) utimesSync(statePath, 0, 0);
    process.exitCode = 1;
  }
}

if (gone.length > 0 || !isFresh()) compile();
