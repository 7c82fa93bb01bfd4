import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one test file, and the way to fill and remove it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'infer-test-'));
  return {
    folder,
    write: (name: string, content: Uint8Array | string) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
