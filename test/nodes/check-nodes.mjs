// Runs `npm test`'s tests on other versions of Node: `npm run check:nodes [VERSION…]`. The npm package `node` brings
// each version; the build is made once, by the Node that runs this.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const folder = mkdtempSync(join(tmpdir(), 'infer-nodes-'));
try {
  for (const version of versions) {
    const prefix = join(folder, version);
    execFileSync('npm', ['install', '--no-save', '--prefix', prefix, `node@${version}`], {
      stdio: 'inherit',
      cwd: folder,
    });
    const node = join(prefix, 'node_modules', 'node', 'bin', 'node');
    const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
    console.log(`== Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
    execFileSync(
      node,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--project', 'apart', '--project', 'e2e'],
      {
        stdio: 'inherit',
        cwd: root,
        env,
      },
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
