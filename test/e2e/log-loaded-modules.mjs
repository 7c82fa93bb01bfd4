// Preloaded with --import: writes the URL or path of every module that a program loads to LOADED_MODULES_LOG.
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const hooks = `
import { appendFileSync } from 'node:fs';
export function load(url, context, nextLoad) {
  if (!url.startsWith('node:')) appendFileSync(process.env.LOADED_MODULES_LOG, url + '\\n');
  return nextLoad(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// What CommonJS modules require does not pass through the hooks.
const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  for (const file of Object.keys(cache)) appendFileSync(process.env.LOADED_MODULES_LOG, `${file}\n`);
});
