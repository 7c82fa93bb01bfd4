// Compiles src to dist: only what changed since the last time, for a whole build takes most of a minute. What dist has of
// sources that are gone is removed, and where something is missing from it everything is compiled.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
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

const expected = new Set(
  filesIn(join(root, 'src')).flatMap((file) =>
    file.endsWith('.ts') ? [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.d.ts')] : [],
  ),
);
const present = filesIn(dist);
for (const file of present) {
  if (/\.(js|ts)$/.test(file) && !expected.has(file)) rmSync(join(dist, file));
}
const found = new Set(present);
if ([...expected].some((file) => !found.has(file))) rmSync(join(dist, state), { force: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
try {
  execFileSync(
    process.execPath,
    [tsc, '-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', join(dist, state)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
} catch {
  // It has said why.
  process.exitCode = 1;
}
