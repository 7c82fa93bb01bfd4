import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { inspectResultSchema } from '../../src/inspect/inspect-result.ts';
import { inspectTable } from '../../src/report/inspect-table.ts';
import { bareInspection, richInspection } from './inspect-cases.ts';

const plain = { color: false, width: 100 };
const whole = { ...plain, view: { top: 10, details: true, tree: true, explain: false } };

const linesAfter = (text: string, title: string) => {
  const lines = text.split('\n');
  return lines.slice(lines.indexOf(title) + 1).map((line) => line.trim());
};

describe('inspectTable', () => {
  it('is drawn from results as they are saved', () => {
    for (const result of [richInspection(), bareInspection()])
      expect(inspectResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('draws everything there is', async () => {
    await expect(inspectTable(richInspection(), whole)).toMatchFileSnapshot('golden/inspect-whole.txt');
  });

  it('cuts lists, and leaves layers and tree out unless they are wanted', async () => {
    const table = inspectTable(richInspection(), {
      ...plain,
      view: { top: 1, details: false, tree: false, explain: false },
    });
    await expect(table).toMatchFileSnapshot('golden/inspect-top.txt');
    expect(table.length).toBeLessThan(inspectTable(richInspection(), plain).length);
  });

  it('draws a model of nothing', async () => {
    await expect(inspectTable(bareInspection(), whole)).toMatchFileSnapshot('golden/inspect-bare.txt');
  });

  it('keeps within the width and has no control character but line ends', () => {
    const table = inspectTable(richInspection(), whole);
    expect(Math.max(...table.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(100);
    // oxlint-disable-next-line no-control-regex
    expect(table).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });

  it('has the same text in color', () => {
    const colored = inspectTable(richInspection(), { ...whole, color: true });
    expect(colored).toContain('\u001B[');
    expect(stripVTControlCharacters(colored)).toBe(inspectTable(richInspection(), whole));
  });

  it('counts the nodes of the tree that are not shown', () => {
    const lines = linesAfter(inspectTable(richInspection(), whole), 'Graph');
    // 500 less 3, 2 and 400; then 1,200 less 500 and 3.
    expect(lines.filter((line) => line.includes('more node'))).toEqual([
      '│  └─ … 95 more nodes',
      '└─ … 697 more nodes',
    ]);
  });

  it('says why the runtime does not take a model', () => {
    const failure = { code: 'model-rejected', details: { path: 'm.onnx', problem: 'no kernel' } };
    const table = inspectTable(
      { ...richInspection(), verification: { status: 'failed', failure } },
      { ...plain, width: 160 },
    );
    expect(table).toContain(
      'onnxruntime 1.30.0 does not take the model: m.onnx: onnxruntime rejects the model: no kernel',
    );
  });

  it('tells what is unknown apart from what is nothing', () => {
    const { macs, ...rest } = bareInspection();
    const unknown = { shape: 2, tripCount: 0, operator: 0 };
    expect(inspectTable({ ...rest, macs: { ...macs, unknown } }, plain)).toMatch(/MACs +unknown\n/);
    expect(inspectTable(bareInspection(), plain)).toMatch(/MACs +0\n/);
    expect(inspectTable(richInspection(), plain)).toMatch(/MACs +at least 32,768 \(32\.8 k\)\n/);
  });
});
