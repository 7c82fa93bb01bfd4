// How much quality does `infer quantize` cost? On digits it never saw, on text drawn for it, on speech-like sound, and on
// the perplexity of a small language model. `npm run bench:quantize-quality [-- SECTION… --stories stories260K.onnx]`;
// sections: digits, rec, cls, silero, stories, layers, all of them by default. stories and layers need the model
// stories260K, which is not in this repository (or STORIES260K names it); they are skipped without it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closeRunner } from './quantize-quality-inputs.mjs';
import { layers } from './quantize-quality-layers.mjs';
import { cls, digits, rec, silero, stories } from './quantize-quality-sections.mjs';

const sections = { digits, rec, cls, silero, stories, layers };
const needStories = new Set(['stories', 'layers']);
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stories: { type: 'string', default: process.env.STORIES260K },
    /** Time in which `--method auto` measures. */
    budget: { type: 'string', default: '20s' },
    /** Substring of the rows to make; the others are left out. */
    only: { type: 'string', default: '' },
  },
});
const wanted = positionals.length === 0 ? Object.keys(sections) : positionals;
const unknown = wanted.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0)
  throw new Error(`no section ${unknown.join(', ')}: there are ${Object.keys(sections).join(', ')}`);
const folder = mkdtempSync(join(tmpdir(), 'infer-quantize-quality-'));

const widths = [38, 30, 62, 22, 6, 0];
const row = (cells) => console.log(cells.map((cell, i) => String(cell ?? '').padEnd(widths[i])).join(' '));
const verdict = (passes) => (passes === null ? '' : passes ? 'ok' : 'MISS');

try {
  row(['model', 'before', 'after', 'wanted', '', '']);
  for (const name of wanted) {
    if (needStories.has(name) && asked.stories === undefined) {
      console.log(`${name}: skipped, --stories and STORIES260K do not say where stories260K.onnx is`);
      continue;
    }
    const setting = { folder, budget: asked.budget, stories: asked.stories, only: asked.only };
    for await (const { model, before, after, wanted: limit, passes, note } of sections[name](setting)) {
      row([model, before, after, limit, verdict(passes), note]);
      if (passes === false) process.exitCode = 1;
    }
  }
} finally {
  await closeRunner();
  rmSync(folder, { recursive: true, force: true });
}
