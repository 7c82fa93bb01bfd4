import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/cost/catalog/load-catalog.ts';
import type { PricesResult } from '../../src/cost/catalog/prices-result.ts';
import { pricesResultSchema } from '../../src/cost/catalog/prices-result.ts';
import { parseCsv } from '../report/csv-parser.ts';
import type { Outcome } from './buffered-io.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const cwd = mkdtempSync(join(tmpdir(), 'prices-'));
afterAll(() => rmSync(cwd, { recursive: true }));

function prices(...words: readonly string[]): Promise<Outcome> {
  return runInfer(['cost', 'prices', ...words], { runtime: scriptedRuntime(), cwd });
}

async function listed(...words: readonly string[]): Promise<PricesResult> {
  const { exitCode, stdout, stderr } = await prices(...words, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return pricesResultSchema.parse(JSON.parse(stdout));
}

const namesOf = ({ instances }: PricesResult) => instances.map(({ name }) => name);

describe('infer cost prices', () => {
  it('lists every instance, with how old the oldest price is', async () => {
    const { exitCode, stdout } = await prices();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^148 instances\n/);
    for (const { name } of loadCatalog().instances) expect(stdout).toContain(` ${name} `);
    expect(stdout).toMatch(/^ +Oldest figure: of 2025-06-28, 0 days old; 33 rows with a figure that has no date$/m);
    expect(stdout).toMatch(/^ +Marks +u undated/m);
  });

  it.each<[readonly string[], readonly string[]]>([
    [
      ['--instance', 'c8g.*'],
      ['c8g.xlarge', 'c8g.2xlarge', 'c8g.4xlarge'],
    ],
    [['--cloud', 'hyperstack', '--region', 'norway-1'], ['n3-RTX-A4000x1']],
    [
      ['--accelerator', 'H200'],
      ['p5en.48xlarge', 'Standard_ND96isr_H200_v5'],
    ],
    [['--accelerator', 'h100-pcie', '--max-price', '2'], ['n3-H100x1']],
    [
      ['--accelerator', 'none', '--vcpus', '22-', '--cloud', 'gcp'],
      ['c3-standard-22', 'c3-standard-44'],
    ],
    [
      ['--arch', 'arm64', '--vcpus', '2', '--sort', 'price'],
      ['t4g.medium', 'c7g.large'],
    ],
    [
      ['--instance', 'g6.*', '--instance', 'c7g.*', '--vcpus', '-4', '--sort', 'per-vcpu'],
      ['c7g.large', 'c7g.xlarge', 'g6.xlarge'],
    ],
    [
      ['--instance', 'c7i.*', '--sort', 'name', '--vcpus', '8-16'],
      ['c7i.2xlarge', 'c7i.4xlarge'],
    ],
  ])('filters and sorts by %j', async (words, names) => {
    expect(namesOf(await listed(...words))).toEqual(names);
  });

  it('lists what nobody sells on spot last', async () => {
    const { instances } = await listed('--instance', 'c8*', '--sort', 'spot');
    expect(instances.map(({ spotUsdPerHour }) => spotUsdPerHour)).toEqual([0.0542, 0.0957, 0.1914, null]);
  });

  it('says that filters leave nothing', async () => {
    const { exitCode, stdout } = await prices('--max-price', '0.001');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '0 instances\n  Nothing in the catalog is so\n' });
  });

  it('lists chips, APIs and grids', async () => {
    expect((await listed('processors')).processors).toHaveLength(13);
    expect((await listed('accelerators', '--name', 'h*')).accelerators.map(({ id }) => id)).toEqual([
      'h100-pcie',
      'h100-sxm5',
      'h200-sxm',
    ]);
    expect(
      (await listed('tokens', '--name', 'anthropic')).tokenPrices.map(({ usdPerMillionInput }) => usdPerMillionInput),
    ).toEqual([1, 3, 5]);
    expect((await listed('grids', '--name', 'FRA')).grids).toMatchObject([{ gramsPerKwh: 56.039, date: '2023' }]);
    const { tokenPrices } = await listed('tokens', '--sort', 'price');
    expect(tokenPrices.at(-1)?.model).toBe('claude-opus-4-5');
  });

  it('gives CSV that can be changed and given back', async () => {
    const csv = (await prices('--instance', 'c7i.large', '--format', 'csv')).stdout;
    const [header = [], record = []] = parseCsv(csv);
    record[header.indexOf('onDemandUsdPerHour')] = '0.07';
    record[header.indexOf('source')] = 'our contract';
    writeFileSync(join(cwd, 'ours.csv'), `${header.join(',')}\n${record.map((cell) => `"${cell}"`).join(',')}\n`);
    const { instances } = await listed('--prices', 'ours.csv', '--instance', 'c7i.large');
    expect(instances).toMatchObject([
      { onDemandUsdPerHour: 0.07, source: 'our contract', spotUsdPerHour: 0.0303, flags: ['user'] },
    ]);
  });

  it('takes price lists of the config, and those of the command line over them', async () => {
    const row = (price: number) => `- {model: ours, usdPerMillionInput: ${price}, usdPerMillionOutput: 1}`;
    writeFileSync(join(cwd, 'config.yaml'), row(1));
    writeFileSync(join(cwd, 'flag.yaml'), row(2));
    writeFileSync(join(cwd, 'infer.config.json'), JSON.stringify({ cost: { prices: 'config.yaml' } }));
    const config = ['--config', 'infer.config.json', '--name', 'ours'];
    const priceOf = ({ tokenPrices }: PricesResult) => tokenPrices[0]?.usdPerMillionInput;
    expect(priceOf(await listed('tokens', ...config))).toBe(1);
    expect(priceOf(await listed('tokens', ...config, '--prices', 'flag.yaml'))).toBe(2);
    rmSync(join(cwd, 'infer.config.json'));
  });

  it('writes a file in the format of its name, all rows in it', async () => {
    const file = join(cwd, 'prices.json');
    const { stdout } = await prices('-o', file, '--top', '3', '--cloud', 'azure');
    expect(stdout).toContain('… 25 more instances');
    expect(pricesResultSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).instances).toHaveLength(28);
    expect((await prices('--top', '1', '--format', 'markdown')).stdout).toMatch(/^### 148 instances\n\n\| instance \|/);
  });

  it('does not write over a price list that it reads', async () => {
    const list = join(cwd, 'mine.json');
    const text = '[{"model": "ours", "usdPerMillionInput": 1, "usdPerMillionOutput": 2}]';
    writeFileSync(list, text);
    expect((await prices('tokens', '--prices', list, '-o', list)).exitCode).toBe(2);
    expect(readFileSync(list, 'utf8')).toBe(text);
  });

  it('reports a saved listing', async () => {
    const { stdout } = await prices('tokens', '--json');
    writeFileSync(join(cwd, 'tokens.json'), stdout);
    const again = await runInfer(['report', join(cwd, 'tokens.json'), '--top', '37'], { cwd });
    expect(again.stdout).toBe((await prices('tokens')).stdout);
  });
});

describe('what cannot be listed', () => {
  it.each<[readonly string[], number, RegExp]>([
    [['toknes'], 2, /PART: there is no 'toknes'; did you mean 'tokens'\?/],
    [['--instance', 'c7i.2xlage'], 2, /--instance: there is no 'c7i\.2xlage'; did you mean 'c7i\.2xlarge'\?/],
    [['--cloud', 'gpc'], 2, /--cloud: there is no 'gpc'; did you mean 'gcp'\?/],
    [['--region', 'us-central2'], 2, /did you mean 'us-central1'\?/],
    [['--accelerator', 'H10'], 2, /--accelerator: there is no 'H10'; did you mean 'H100'\?/],
    [['tokens', '--name', 'gtp-5'], 2, /--name: there is no 'gtp-5'; did you mean 'gpt-5'\?/],
    [['tokens', '--cloud', 'aws'], 2, /--cloud makes no sense with tokenPrices: it chooses machines/],
    [['--name', 'c7i'], 2, /--name makes no sense with instances/],
    [['--vcpus', '8-4'], 2, /--vcpus: '8-4' is not a number of vCPUs/],
    [['--vcpus', '-'], 2, /--vcpus: '-' is not a number of vCPUs/],
    [['--max-price', 'low'], 2, /--max-price: 'low' is not a number/],
    [['--top', '0'], 2, /--top/],
    [['--prices', 'nowhere.yaml'], 2, /nowhere\.yaml: no such file; a price list was expected/],
    [['--prices', 'bad.yaml'], 3, /bad\.yaml, row 1: .*onDemandUsdPerHour is 0, and must be above 0/],
  ])('%j', async (words, code, sentence) => {
    writeFileSync(join(cwd, 'bad.yaml'), '- {id: aws/us-east-1/c7i.large, onDemandUsdPerHour: 0}');
    const { exitCode, stdout, stderr } = await prices(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});
