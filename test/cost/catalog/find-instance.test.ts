import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInstance, selectInstances } from '../../../src/cost/catalog/find-instance.ts';
import { globMatcher } from '../../../src/cost/catalog/glob-matcher.ts';
import { loadCatalog } from '../../../src/cost/catalog/load-catalog.ts';
import { UsageError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';

const catalog = loadCatalog();
const everything = { instances: [], clouds: [], regions: [] };

function sentenceOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UsageError) return describeError(error);
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('findInstance', () => {
  it.each([
    ['c7i.2xlarge', 'aws/us-east-1/c7i.2xlarge'],
    [' C7I.2XLARGE ', 'aws/us-east-1/c7i.2xlarge'],
    ['azure/eastus/standard_d8s_v5', 'azure/eastus/Standard_D8s_v5'],
    ['n1-standard-4+1xT4', 'gcp/us-central1/n1-standard-4+1xT4'],
  ])('takes %s for %s', (name, id) => expect(findInstance(name, catalog).id).toBe(id));

  it('says which name is near, and an id where one was meant', () => {
    expect(sentenceOf(() => findInstance('c7i.2xlage', catalog))).toContain("did you mean 'c7i.2xlarge'?");
    expect(sentenceOf(() => findInstance('aws/us-east-1/c7i.2xlag', catalog, '--measured-on'))).toMatch(
      /^--measured-on: .*did you mean 'aws\/us-east-1\/c7i\.2xlarge'\?/,
    );
  });
});

describe('selectInstances', () => {
  const select = (filter: Partial<typeof everything>) =>
    selectInstances(catalog, { ...everything, ...filter }).map(({ name }) => name);

  it('leaves all where nothing is asked for', () => {
    expect(selectInstances(catalog, everything)).toEqual(catalog.instances);
  });

  it.each<[Partial<Record<keyof typeof everything, string[]>>, string[]]>([
    [{ instances: ['c8g.*'] }, ['c8g.xlarge', 'c8g.2xlarge', 'c8g.4xlarge']],
    [{ instances: ['?8G.2*'] }, ['c8g.2xlarge', 'm8g.2xlarge']],
    [{ instances: ['gcp/us-east4/*'] }, ['a3-highgpu-1g', 'a3-highgpu-8g']],
    [{ instances: ['c7g.large', 'c8i.*'] }, ['c7g.large', 'c8i.2xlarge']],
    [{ clouds: ['RunPod'] }, ['1x_A100-80GB_SECURE']],
    [{ clouds: ['hyperstack'], regions: ['NORWAY-1'] }, ['n3-RTX-A4000x1']],
    [{ instances: ['c7*'], clouds: ['gcp'] }, []],
  ])('leaves of %o what fits all of it', (filter, names) => {
    expect(select(filter as Partial<typeof everything>)).toEqual(names);
  });

  it.each<[Partial<Record<keyof typeof everything, string[]>>, RegExp]>([
    [{ instances: ['c9*'] }, /^--instance: there is no 'c9\*'/],
    [{ clouds: ['awz'] }, /^--cloud: there is no 'awz'; did you mean 'aws'\?/],
    [{ regions: ['us-east-2'] }, /^--region: there is no 'us-east-2'; did you mean 'us-east-1'\?/],
  ])('knows no %o', (filter, sentence) => {
    expect(sentenceOf(() => select(filter as Partial<typeof everything>))).toMatch(sentence);
  });
});

describe('globMatcher', () => {
  it('takes everything but its stars and question marks as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.trim().replaceAll(/[*?]/g, '');
        expect(globMatcher(plain)(plain)).toBe(true);
        expect(globMatcher(`${plain}*`)(`${plain}.2xlarge`)).toBe(true);
        expect(globMatcher(plain)(`${plain}x`)).toBe(false);
      }),
    );
  });
});
