import { UsageError } from '../../errors.ts';
import type { Catalog, InstanceType } from './catalog.ts';
import { globMatcher } from './glob-matcher.ts';

export interface InstanceFilter {
  /** Names, ids or globs of either (`c7i.*`, `gcp/*`); empty for all. */
  readonly instances: readonly string[];
  readonly clouds: readonly string[];
  readonly regions: readonly string[];
}

/**
 * The instance of a name or id, in any case of letters; of a name in several regions the first.
 * @throws UsageError `unknown-name`
 */
export function findInstance(name: string, catalog: Pick<Catalog, 'instances'>, flag = '--instance'): InstanceType {
  const wanted = name.trim().toLowerCase();
  const found =
    catalog.instances.find(({ id }) => id.toLowerCase() === wanted) ??
    catalog.instances.find((instance) => instance.name.toLowerCase() === wanted);
  if (found === undefined) throw unknownInstance(name, catalog, flag);
  return found;
}

/**
 * The instances that a filter leaves, in the catalog's order.
 * @throws UsageError `unknown-name` for a pattern, cloud or region that the catalog has none of
 */
export function selectInstances(
  catalog: Pick<Catalog, 'instances'>,
  { instances, clouds, regions }: InstanceFilter,
): readonly InstanceType[] {
  const all = catalog.instances;
  const named = new Set(instances.flatMap((pattern) => matching(pattern, catalog)));
  const ofClouds = wantedNames(
    '--cloud',
    clouds,
    all.map(({ cloud }) => cloud),
  );
  const ofRegions = wantedNames(
    '--region',
    regions,
    all.map(({ region }) => region),
  );
  return all.filter(
    (row) =>
      (instances.length === 0 || named.has(row)) &&
      (clouds.length === 0 || ofClouds.has(row.cloud)) &&
      (regions.length === 0 || ofRegions.has(row.region)),
  );
}

function matching(pattern: string, catalog: Pick<Catalog, 'instances'>): readonly InstanceType[] {
  const fits = globMatcher(pattern);
  const found = catalog.instances.filter(({ id, name }) => fits(id) || fits(name));
  if (found.length === 0) throw unknownInstance(pattern, catalog, '--instance');
  return found;
}

function unknownInstance(value: string, { instances }: Pick<Catalog, 'instances'>, what: string): UsageError {
  // Whoever writes a cloud first is helped by ids, anyone else by names.
  const known = instances.map(({ id, name }) => (value.includes('/') ? id : name));
  return new UsageError('unknown-name', { what, value, known: [...new Set(known)] });
}

/** The known names that were asked for, in whatever case of letters. */
function wantedNames(what: string, values: readonly string[], known: readonly string[]): ReadonlySet<string> {
  const names = [...new Set(known)];
  const found = values.map((value) => {
    const name = names.find((each) => each.toLowerCase() === value.trim().toLowerCase());
    if (name === undefined) throw new UsageError('unknown-name', { what, value, known: names });
    return name;
  });
  return new Set(found);
}
