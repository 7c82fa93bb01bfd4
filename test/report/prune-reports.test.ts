import { describe, expect, it } from 'vitest';
import { pruneResultSchema } from '../../src/prune/prune-result.ts';
import { pruneCsv } from '../../src/report/prune-csv.ts';
import { pruneMarkdown } from '../../src/report/prune-markdown.ts';
import { pruneTable } from '../../src/report/prune-table.ts';
import { formatsOf, report } from '../../src/report/reporters.ts';
import { usualView } from '../../src/report/view.ts';
import { parseResult } from '../../src/result/read-result.ts';
import { parseCsv } from './csv-parser.ts';
import { estimate } from './fixture-bench-result.ts';
import { depthCase, fullCase, group, interruptedCase, missedCase, sparseCase } from './prune-cases.ts';

const style = { color: false, width: 120 };
const detailed = { color: false, width: 200, view: { ...usualView, details: true } };

describe.each([
  ['full', fullCase()],
  ['missed', missedCase()],
  ['depth', depthCase()],
  ['sparse', sparseCase()],
  ['interrupted', interruptedCase()],
])('the %s case', (name, result) => {
  it('is a result that is read back whole', async () => {
    expect(pruneResultSchema.parse(result)).toEqual(result);
    expect(await parseResult(JSON.stringify(result), 'r.json')).toEqual(result);
    expect(JSON.parse(report(result, 'json', style) ?? '')).toEqual(result);
  });

  it('is drawn as a table', async () => {
    await expect(pruneTable(result, style)).toMatchFileSnapshot(`golden/prune-${name}.txt`);
  });

  it('is drawn as Markdown', async () => {
    await expect(pruneMarkdown(result, style)).toMatchFileSnapshot(`golden/prune-${name}.md`);
  });
});

it('has the formats that make sense', () => {
  expect(formatsOf('prune')).toEqual(['table', 'json', 'csv', 'markdown', 'html']);
});

/** A result with another speed-up. */
function sped(value: number, halfWidth: number | null) {
  const { speedup } = fullCase();
  if (speedup === null) throw new Error('the full case has a speed-up');
  const ratio = halfWidth === null ? { value, low: null, high: null } : estimate(value, halfWidth);
  return fullCase({ speedup: { ...speedup, ratio } });
}

describe('pruneTable', () => {
  it('has every group, trial and refitted layer with details', async () => {
    await expect(pruneTable(fullCase(), detailed)).toMatchFileSnapshot('golden/prune-details.txt');
    expect(pruneTable(fullCase(), style)).not.toContain("'embeddings'");
  });

  it.each([
    [2.15, 0.05, /speed-up 2\.15x \[2\.04x, 2\.26x\] \(faster\)/],
    [1.01, 0.04, /NOT FASTER by more than the interval: speed-up 1\.01x/],
    [0.9, 0.02, /SLOWER than before: speed-up 0\.900x/],
    [1.2, null, /NOT SHOWN TO BE FASTER: speed-up 1\.20x, measured too seldom for an interval/],
  ])('says plainly what a speed-up of %d ± %d is', (value, halfWidth, text) => {
    const [, headline = ''] = pruneTable(sped(value, halfWidth), { ...style, width: 400 }).split('\n');
    expect(headline).toMatch(text);
  });

  it('says what zeros are good for, once, and what they bring', () => {
    const text = pruneTable(sparseCase(), { ...style, width: 400 });
    const label = 'download size only; onnxruntime runs it at dense speed; 2:4 speeds up only under TensorRT';
    expect(text.split(label)).toHaveLength(2);
    expect(text).toMatch(
      /^50 % of 75,008 weights are 0 in 2 layers, in the pattern 2:4; gzip 1\.33 MiB -> 783 KiB \(58 %\), zstd /m,
    );
  });

  it('tells the latency that is left, as it is asked for', () => {
    expect(pruneTable(fullCase(), style)).toMatch(
      /^PASS: latency 0\.465x \[0\.443x, 0\.490x\] of before; at most 0\.6x is asked for$/m,
    );
  });

  it('shows at most ten groups without details, the dearest first, and how many there are more', () => {
    const groups = Array.from({ length: 13 }, (_, i) => group(`/conv${i}`, { macsShare: i / 100 }));
    const text = pruneTable(fullCase({ groups }), style);
    expect(text).toMatch(/ {2}\/conv12 [\s\S]* {2}\/conv3 [\s\S]*… 3 more groups/);
    expect(text).not.toContain('/conv2 ');
    expect(pruneTable(fullCase({ groups }), detailed)).toMatch(/\/conv0 [\s\S]*\/conv12 /);
  });

  it('says that nothing went', () => {
    expect(pruneTable(fullCase({ groups: [group('/a', { unitsAfter: 64 })] }), style)).toMatch(/^nothing removed; /m);
    expect(pruneTable({ ...depthCase(), blocks: [] }, style)).toMatch(/^nothing removed; /m);
    expect(pruneTable(sparseCase({ sparseLayers: [] }), style)).toMatch(/^nothing set to 0; /m);
  });

  it('shows a failed measurement', () => {
    const benchFailure = { code: 'process-unstartable', details: { problem: 'EAGAIN' } };
    const text = pruneTable(fullCase({ speedup: null, benchFailure }), style);
    expect(text).toMatch(/^Latency +could not be measured: the measuring process could not be started: EAGAIN/m);
    expect(text).toMatch(/^PASS: latency was not measured; at most 0\.6x is asked for$/m);
  });

  it('says that a worse model was wanted', () => {
    expect(pruneTable({ ...missedCase(), output: fullCase().output }, style)).toContain(
      'written as --accept-worse says',
    );
  });

  it('shows the reason of another version as it is', () => {
    const lock = JSON.parse('{"reason":"by-magic","node":"/a","op":null}');
    const text = pruneTable(fullCase({ groups: [group('/a', { locks: [lock] })] }), style);
    expect(text).toMatch(/^ {2}by-magic +1 group, such as '\/a': by-magic$/m);
  });

  it('has ANSI codes only with color', () => {
    expect(pruneTable(fullCase(), style)).not.toContain('\u001B');
    expect(pruneTable(missedCase(), { ...style, color: true })).toContain('\u001B[31mFAIL');
  });

  it('lets no name out of the model control the terminal', () => {
    const name = 'a\u001B]0;title\u0007';
    const evil = { name, locks: [{ reason: 'reduced', node: name, op: name } as const] };
    const [block] = depthCase().blocks;
    const [layer] = sparseCase().sparseLayers;
    if (block === undefined || layer === undefined) throw new Error('there are none');
    const result = fullCase({
      groups: [group(name, evil), group(name)],
      blocks: [{ ...block, name, lock: name }],
      sparseLayers: [{ ...layer, node: name }],
      sensitivity: [{ group: name, units: 1, error: 0, saved: 0 }],
      repairs: [{ node: name, before: 1, after: 0, how: 'kept' }],
    });
    expect(pruneTable(result, detailed)).not.toContain('\u001B');
  });
});

describe('pruneMarkdown', () => {
  it('keeps names from turning into markup', () => {
    for (const result of [fullCase(), sparseCase()])
      expect(pruneMarkdown(result, detailed)).not.toMatch(/[^\\ ]\|[a-z]/);
  });
});

describe('pruneCsv', () => {
  it.each([
    ['groups', fullCase(), 9],
    ['blocks', depthCase(), 4],
    ['layers', sparseCase(), 2],
  ])('is the table of %s', async (name, result, rows) => {
    await expect(pruneCsv(result)).toMatchFileSnapshot(`golden/prune-${name}.csv`);
    const [header = [], ...records] = parseCsv(pruneCsv(result));
    expect(records).toHaveLength(rows);
    expect(records.every((record) => record.length === header.length)).toBe(true);
  });
});
