import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlReport } from '../../../src/report/html/html-report.ts';
import type { Reportable } from '../../../src/report/reporters.ts';
import { benchSet } from '../../../src/result/bench-set.ts';
import type { DoctorResult } from '../../../src/doctor/doctor-result.ts';
import { mixedCase, singleCase, sweepCase } from '../bench-cases.ts';
import { fullCase as costCase, missedCase, tokensCase } from '../cost-result-cases.ts';
import { fullCase as distillCase } from '../distill-cases.ts';
import { failedCase as evaluateCase } from '../evaluate-cases.ts';
import { benchResult, environment, okPoint, unmeasuredPoint } from '../fixture-bench-result.ts';
import { failedCase, passedCase } from '../gate-cases.ts';
import { calibrationCase } from '../gate-calibration-cases.ts';
import { hostileCase, manyCase } from '../gate-hard-cases.ts';
import { richInspection } from '../inspect-cases.ts';
import { measuredCase as optimizeCase } from '../optimize-cases.ts';
import { instancesCase, othersCase } from '../prices-cases.ts';
import {
  comparedCase as comparedProfile,
  emptyCase as emptyProfile,
  fallbackCase,
  fullCase as profileCase,
} from '../profile-cases.ts';
import { loadCase, searchCase } from '../bench-load-cases.ts';
import { depthCase, fullCase as pruneCase, interruptedCase } from '../prune-cases.ts';
import { blindCase, fullCase as quantizeCase } from '../quantize-cases.ts';
import { largeSweep, withTexts } from './html-cases.ts';
import { parseHtml } from './parse-html.ts';

const set = () =>
  benchSet([
    { path: 'a.json', result: sweepCase() },
    { path: 'b.json', result: mixedCase() },
  ]);

const doctorResult: DoctorResult = {
  schemaVersion: 1,
  kind: 'doctor',
  tool: { name: 'infer', version: '0.1.0' },
  createdAt: '2025-03-04T05:06:07.000Z',
  command: ['infer', 'doctor'],
  environment,
  warnings: [],
  usable: true,
  providers: [{ name: 'cuda', usable: false, reason: 'no driver', cure: 'install it' }],
  noise: { loadAverage: 0.4, pressureShare: null, stealShare: 0.01, throttledPeriods: 2, windowMs: 500 },
  findings: [],
};

const results: Readonly<Record<string, () => Reportable>> = {
  sweep: sweepCase,
  single: singleCase,
  mixed: mixedCase,
  'under load': loadCase,
  'searched for the highest rate': searchCase,
  nothing: () => benchResult(['a.onnx'], [unmeasuredPoint(['a.onnx'], { status: 'skipped' })]),
  set,
  cost: costCase,
  'cost that misses': missedCase,
  'cost of tokens': tokensCase,
  distill: distillCase,
  evaluate: evaluateCase,
  calibration: calibrationCase,
  doctor: () => doctorResult,
  'gate that passed': passedCase,
  'gate that failed': failedCase,
  'gate with hostile names': hostileCase,
  'gate of many scenarios': () => manyCase(12, 'inconclusive'),
  inspect: richInspection,
  optimize: optimizeCase,
  prices: instancesCase,
  'prices of chips, APIs and grids': othersCase,
  profile: profileCase,
  'profile beside another': comparedProfile,
  'profile with fallbacks': fallbackCase,
  'profile of nothing': emptyProfile,
  prune: pruneCase,
  'pruned depth': depthCase,
  'interrupted prune': interruptedCase,
  quantize: quantizeCase,
  'quantize without data': blindCase,
};

describe.each(Object.entries(results))('the page of %s', (_, result) => {
  const text = htmlReport(result());
  const page = parseHtml(text);

  it('is one whole document with a heading', () => {
    expect(text).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(text.endsWith('</html>\n')).toBe(true);
    expect(page.tags.filter((tag) => tag === 'h1')).toHaveLength(1);
    expect(text).toMatch(/<title>\s*infer [^<]+<\/title>/);
  });

  it('has ids that are unique, and refers to none that is not there', () => {
    expect(new Set(page.ids).size).toBe(page.ids.length);
    const referred = [...text.matchAll(/(?:href="#|aria-(?:labelledby|describedby)="|for=")([^"]+)"/g)];
    expect(referred.map(([, id]) => id).filter((id) => !page.ids.includes(id ?? ''))).toEqual([]);
  });

  it('runs its own style and script alone, by hash', () => {
    const { style, script } = page.raw;
    expect([style.length, script.length]).toEqual([1, 1]);
    const hash = (source = '') => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
    expect(text).toContain(
      `content="default-src &#39;none&#39;; style-src ${hash(style[0])}; script-src ${hash(script[0])};`.replaceAll(
        "'",
        '&#39;',
      ),
    );
    expect([...page.attributes].filter((name) => /^on|^style$|^src$/.test(name))).toEqual([]);
  });

  it('points nowhere', () => {
    const shown = text.replaceAll(/>[^<]*</g, '><');
    expect(shown).not.toMatch(/https?:|\burl\(|@import|\bsrc=/);
    expect(page.tags.filter((tag) => ['link', 'img', 'iframe', 'object', 'form', 'base'].includes(tag))).toEqual([]);
  });

  it('has a name for every drawing, and a table and a button for its numbers', () => {
    const drawings = [...text.matchAll(/<svg[^>]*>/g)].map(([drawing]) => drawing);
    const silent = drawings.filter((drawing) => !/role="img" aria-label="[^"]+"|aria-hidden="true"/.test(drawing));
    expect(silent).toEqual([]);
    const figures = text.split('<figure').slice(1);
    for (const figure of figures) expect(figure).toMatch(/data-csv[^]*<details>[^]*<table>/);
    const told = text.slice(0, text.indexOf('<script'));
    expect(/.{0,40}(?:NaN|Infinity|undefined|\[object).{0,20}/.exec(told)).toBeNull();
  });
});

describe('names that are markup', () => {
  const hostile = '</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)>"\'`&<!--\u202E\u0000';

  it.each(Object.entries(results))('do nothing in the page of %s', (_, result) => {
    const page = parseHtml(htmlReport(withTexts(result(), hostile)));
    const usual = parseHtml(htmlReport(result()));
    expect(page.tags.filter((tag) => !usual.tags.includes(tag))).toEqual([]);
    expect(page.raw).toEqual(usual.raw);
    expect([...page.attributes].filter((name) => !usual.attributes.has(name) && name !== 'data-s')).toEqual([]);
    expect(new Set(page.ids).size).toBe(page.ids.length);
  });
});

describe('a bench of 500 points', () => {
  const text = htmlReport(largeSweep());

  it('stays below 2 MB, without its raw blocks', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(2_000_000);
  });

  it('has every point in its table and in the numbers of its curves', () => {
    const rows = (part = '') => part.split('<tr').length - 2;
    expect(rows(text.split('data-sortable')[1]?.split('</table>')[0])).toBe(500);
    expect(text.match(/Numbers of this figure \(500 rows\)/g)).toHaveLength(3);
  });
});

describe('figures', () => {
  it('are drawn of whatever numbers a file may hold', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -1, 1e-300, 1e300));
    const estimate = fc.record({
      value,
      low: fc.option(value),
      high: fc.option(value),
    });
    fc.assert(
      fc.property(fc.array(estimate, { minLength: 1, maxLength: 6 }), (estimates) => {
        const points = estimates.map((p50, index) => {
          const point = okPoint(['m.onnx'], { batch: 2 ** index, p50: 1 });
          const { latencyMs, throughput } = point;
          if (latencyMs === null || throughput === null) throw new Error('a point that is ok was measured');
          return { ...point, latencyMs: { ...latencyMs, p50 }, throughput: { ...throughput, itemsPerSecond: p50 } };
        });
        const text = htmlReport(benchResult(['m.onnx'], points));
        // What a number is written as is another matter.
        const told = text.slice(0, text.indexOf('<script')).replaceAll(/>[^<]*</g, '><');
        expect([...told.matchAll(/(?:NaN|Infinity)[^<]{0,40}/g)].map(([found]) => found)).toEqual([]);
        expect(parseHtml(text).tags).toContain('figure');
      }),
      { numRuns: 100 },
    );
  });
});
