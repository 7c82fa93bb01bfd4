import { describe, expect, it } from 'vitest';
import { gateBenchmarkAction } from '../../src/report/gate-benchmark-action.ts';
import { gateGithub } from '../../src/report/gate-github.ts';
import { gateJunit } from '../../src/report/gate-junit.ts';
import { cell, failedCase, gateResult, interruptedCase, passedCase, scenario } from './gate-cases.ts';
import { hostileCase, hostileName, manyCase } from './gate-hard-cases.ts';
import { junitProblems } from './junit-rules.ts';
import type { XmlElement } from './xml-parser.ts';
import { parseXml } from './xml-parser.ts';

const cases = [
  ['passed', passedCase()],
  ['failed', failedCase()],
  ['interrupted', interruptedCase()],
  ['hostile', hostileCase()],
] as const;

/** Elements of a name, however deep. */
function all(element: XmlElement, name: string): readonly XmlElement[] {
  const own = element.name === name ? [element] : [];
  return [...own, ...element.children.flatMap((child) => all(child, name))];
}

const nameOf = ({ attributes }: XmlElement) => `${attributes['classname'] ?? ''} ${attributes['name'] ?? ''}`;

describe('gateJunit', () => {
  it('is written as expected', async () => {
    await expect(gateJunit(failedCase())).toMatchFileSnapshot('golden/gate-failed.xml');
  });

  it.each(cases)('is well-formed and fits the schema: %s', (_, result) => {
    expect(junitProblems(parseXml(gateJunit(result)))).toEqual([]);
  });

  it.each(cases)('has a case a cell under a name of its own, and counts them: %s', (_, result) => {
    const root = parseXml(gateJunit(result));
    expect(new Set(all(root, 'testcase').map(nameOf)).size).toBe(result.cells.length);
    const counted = (one: XmlElement) => [
      all(one, 'testcase').length,
      all(one, 'failure').length,
      all(one, 'error').length,
    ];
    const told = ({ attributes }: XmlElement) => [attributes['tests'], attributes['failures'], attributes['errors']];
    for (const element of [root, ...all(root, 'testsuite')])
      expect(told(element)).toEqual(counted(element).map(String));
    for (const suite of all(root, 'testsuite'))
      expect(suite.attributes['skipped']).toBe(String(all(suite, 'skipped').length));
  });

  it('fails what decides; skips what could not be told, is waived, is new or only warns', () => {
    const outcomes = Object.fromEntries(
      all(parseXml(gateJunit(failedCase())), 'testcase').map((one) => [nameOf(one), one.children[0]?.name]),
    );
    expect(outcomes).toEqual({
      'resnet latency-p50': 'failure',
      'resnet latency-p99 budget': 'skipped',
      'resnet throughput': 'skipped',
      'resnet file-size': 'skipped',
      'resnet nodes': 'skipped',
      'resnet macs': 'skipped',
      'resnet quality': 'failure',
      'bert-stored latency-p50': 'skipped',
      'bert-stored parameters': 'system-out',
      'brand-new latency-p50': 'skipped',
      'brand-new file-size': 'skipped',
    });
  });

  it('gives the time of the blocks to the cells that came of them', () => {
    const [suite] = all(parseXml(gateJunit(failedCase())), 'testsuite');
    const times = suite === undefined ? [] : all(suite, 'testcase').map(({ attributes }) => Number(attributes['time']));
    expect(times.reduce((sum, time) => sum + time, 0)).toBeCloseTo(Number(suite?.attributes['time']), 2);
    expect(times.filter((time) => time > 0)).toHaveLength(3);
  });

  it('tells of a scenario that left no cell', () => {
    const failure = { code: 'model-empty', details: { path: 'empty.onnx' } };
    const root = parseXml(gateJunit(gateResult({ scenarios: [scenario({ failure })] })));
    expect(all(root, 'error')[0]?.attributes['message']).toMatch(/^empty\.onnx /);
    expect(root.attributes['errors']).toBe('1');
  });

  it('keeps names whole, but for what XML cannot hold', () => {
    const [suite] = all(parseXml(gateJunit(hostileCase())), 'testsuite');
    const allowed = hostileName.replaceAll(/\p{Cc}|\p{Cs}/gu, (one) => (one === '\n' ? one : '\uFFFD'));
    expect(suite?.attributes['name']).toBe(allowed);
  });

  it('says on what machine it was', () => {
    const properties = all(parseXml(gateJunit(passedCase())), 'property').map(({ attributes }) => [
      attributes['name'],
      attributes['value'],
    ]);
    expect(Object.fromEntries(properties)).toMatchObject({
      'environment.fingerprint': '9f2c41d07ab35e68',
      'environment.cpu': 'AMD EPYC 7B13 64-Core Processor',
      'scenario.dims.N': '4',
      'gate.verdict': 'pass',
    });
  });
});

const commandSyntax = /^::(error|warning|notice) title=[^:,\n\r]*::[^\n\r]+$/;

/** As the runner reads them. */
function commands(text: string): readonly { level: string; message: string }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ({ level: commandSyntax.exec(line)?.[1] ?? line, message: line.replace(/^::.*?::/, '') }));
}

const levels = (text: string) => commands(text).map(({ level }) => level);

describe('gateGithub', () => {
  it('is written as expected', async () => {
    await expect(gateGithub(failedCase())).toMatchFileSnapshot('golden/gate-failed.github.txt');
  });

  it('says that all is well', () =>
    expect(gateGithub(passedCase())).toBe(
      '::notice title=infer gate::PASS: nothing is worse than is tolerated; 4 cells in 1 scenario: 4 pass\n',
    ));

  it('has one line a command, whatever the names are', () => {
    const text = gateGithub(hostileCase());
    expect(levels(text)).toEqual(['error', 'notice', 'notice']);
    expect(text).not.toContain('\u001B');
    expect(text).toContain('%250A%2525');
  });

  it('takes what is undecided as seriously as --on-inconclusive does', () => {
    const result = interruptedCase();
    const under = (onInconclusive: 'warn' | 'fail' | 'pass') =>
      levels(gateGithub({ ...result, settings: { ...result.settings, onInconclusive } }));
    expect(under('fail')).toEqual(['error', 'error']);
    expect(under('warn')).toEqual(['warning', 'warning']);
    expect(under('pass')).toEqual(['notice', 'notice']);
  });

  it.each([
    [10, 10],
    [11, 10],
    [500, 10],
  ])('%i fails make %i annotations, the last of which counts those left out', (fails, shown) => {
    const text = gateGithub(manyCase(fails, 'fail'));
    expect(levels(text)).toEqual(Array.from({ length: shown }, () => 'error'));
    const rest = fails > shown ? new RegExp(`^and ${fails - shown + 1} more; `) : /^fail: /;
    expect(commands(text).at(-1)?.message).toMatch(rest);
  });

  it('limits each level by itself, and says once that there is no base', () => {
    const warnings = Array.from({ length: 30 }, () => ({ code: 'same-model', details: { scenario: 'a' } }));
    const text = gateGithub({ ...manyCase(40, 'inconclusive'), warnings });
    const of = (level: string) => levels(text).filter((one) => one === level).length;
    expect([of('error'), of('warning'), of('notice')]).toEqual([0, 10, 10]);
    expect(gateGithub(manyCase(40, 'new'))).toBe(
      '::notice title=infer gate::new: 40 cells without a base to compare with\n',
    );
  });
});

describe('gateBenchmarkAction', () => {
  it('is written as expected', async () => {
    await expect(gateBenchmarkAction(failedCase())).toMatchFileSnapshot('golden/gate-failed.benchmark-action.json');
  });

  it('holds each figure once, smaller is better for all', () => {
    const entries: readonly { name: string }[] = JSON.parse(gateBenchmarkAction(failedCase()));
    const names = entries.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('resnet / time per item');
    expect(names.join(' ')).not.toMatch(/throughput|quality|outputs|macs/);
  });

  it('prefers the entry of a metric that has an interval', () => {
    const reason = { code: 'no-base', details: {} } as const;
    const plain = cell({ metric: 'latency-p50', head: 3, reason });
    const budget = cell({ ...plain, against: 'budget', headInterval: { value: 3, low: 2.5, high: 3.5 }, reason });
    for (const cells of [
      [plain, budget],
      [budget, plain],
    ])
      expect(JSON.parse(gateBenchmarkAction(gateResult({ cells })))).toMatchObject([
        { name: 'resnet / latency-p50', unit: 'ms', value: 3, range: '± 0.5' },
      ]);
  });
});
