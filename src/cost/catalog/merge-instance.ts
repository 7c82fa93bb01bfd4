import type { Catalog, InstanceAccelerator, InstanceType, Price, Processor, SpotPrice } from './catalog.ts';
import { matchAccelerator } from './match-accelerator.ts';
import type { PriceRow } from './price-row.ts';
import { malformedRow } from './price-row.ts';
import type { UserInstance } from './user-instance-schema.ts';

/**
 * A user's instance over the catalog's of the same id, or over the hardware of that name in another region of the
 * cloud; the catalog's own where nothing differs.
 * @throws DataError `cost-prices-malformed` where something is missing
 */
export function mergeInstance(user: UserInstance, row: PriceRow, catalog: Catalog): InstanceType {
  const place = placeOf(user, row);
  const id = `${place.cloud}/${place.region}/${place.name}`;
  const same = catalog.instances.find((instance) => instance.id === id) ?? null;
  const alike = same ?? catalog.instances.find(({ cloud, name }) => cloud === place.cloud && name === place.name);
  const onDemand = onDemandOf(user, row, same);
  const spot = spotOf(user, row, same);
  const merged: InstanceType = {
    id,
    ...place,
    ...hardwareOf(user, row, { catalog, alike: alike ?? null }),
    currency: 'USD',
    onDemand,
    spot,
    flags: [],
  };
  if (same !== null && isAlike(merged, same)) return same;
  return { ...merged, flags: flagsOf(merged, same) };
}

type Place = Pick<InstanceType, 'cloud' | 'region' | 'name'>;

/** By id, or by its three parts. */
function placeOf({ id, cloud, region, name }: UserInstance, row: PriceRow): Place {
  const parts = /^([^/]+)\/([^/]+)\/(.+)$/.exec(id ?? '');
  if (typeof id === 'string' && parts === null)
    throw malformedRow(row, `its id is '${id}'; write cloud/region/name, as aws/us-east-1/c7i.2xlarge`);
  const place = { cloud: cloud ?? parts?.[1], region: region ?? parts?.[2], name: name ?? parts?.[3] };
  if (parts !== null && `${place.cloud}/${place.region}/${place.name}` !== id)
    throw malformedRow(row, `its id is '${id}', and cloud, region and name are others; leave one out`);
  return {
    cloud: needed('cloud', place.cloud, row),
    region: needed('region', place.region, row),
    name: needed('name', place.name, row),
  };
}

function needed<Value>(field: string, value: Value | null | undefined, row: PriceRow): Value {
  if (value === null || value === undefined) throw malformedRow(row, `${field} is missing; give it`);
  return value;
}

function onDemandOf(user: UserInstance, row: PriceRow, same: InstanceType | null): Price {
  const before = same?.onDemand ?? null;
  const usdPerHour = needed('onDemandUsdPerHour', user.onDemandUsdPerHour ?? before?.usdPerHour, row);
  return pricedAs(usdPerHour, { source: user.source, date: user.date, path: row.path }, before);
}

function spotOf(user: UserInstance, row: PriceRow, same: InstanceType | null): SpotPrice | null {
  const before = same?.spot ?? null;
  // Null says that there is none, where nothing said keeps the one there was.
  const usdPerHour = user.spotUsdPerHour === undefined ? before?.usdPerHour : user.spotUsdPerHour;
  if (usdPerHour === undefined || usdPerHour === null) return null;
  const interruption = user.interruption === undefined ? (before?.interruption ?? null) : user.interruption;
  // Whoever tells a new spot price has it from where the rest of the row is from, unless told otherwise.
  const isKept = user.spotUsdPerHour === undefined;
  const source = user.spotSource ?? (isKept ? null : user.source);
  const date = user.spotDate ?? (isKept || (user.spotSource ?? null) !== null ? null : user.date);
  return { ...pricedAs(usdPerHour, { source, date, path: row.path }, before), interruption };
}

interface Told {
  readonly source: string | null | undefined;
  readonly date: string | null | undefined;
  readonly path: string;
}

/** A price as before where neither its figure nor its source is another; else as told, by default in the user's list. */
function pricedAs(usdPerHour: number, { source, date, path }: Told, before: Price | null): Price {
  const isSame = before !== null && before.usdPerHour === usdPerHour;
  const isTold = (source ?? date ?? null) !== null;
  if (isSame && (!isTold || (source === before.source && (date ?? null) === before.date))) return before;
  return { source: source ?? path, date: date ?? null, usdPerHour };
}

type Hardware = Pick<
  InstanceType,
  'architecture' | 'processor' | 'processorName' | 'vcpus' | 'memoryGib' | 'accelerator'
>;

interface Known {
  readonly catalog: Catalog;
  readonly alike: InstanceType | null;
}

function hardwareOf(user: UserInstance, row: PriceRow, { catalog, alike }: Known): Hardware {
  const processor = user.processor === undefined ? null : processorOf(user.processor, row, catalog);
  const before = alike ?? { architecture: 'amd64' as const, processor: null, processorName: null };
  return {
    architecture: user.architecture ?? processor?.architecture ?? before.architecture,
    processor: user.processor === undefined ? before.processor : (processor?.id ?? null),
    processorName: user.processorName ?? processor?.name ?? before.processorName,
    vcpus: needed('vcpus', user.vcpus ?? alike?.vcpus, row),
    memoryGib: needed('memoryGib', user.memoryGib ?? alike?.memoryGib, row),
    accelerator: acceleratorOf(user, row, { catalog, alike }),
  };
}

function processorOf(name: string | null, row: PriceRow, { processors }: Catalog): Processor | null {
  if (name === null) return null;
  const found = processors.find((each) => each.id === name.toLowerCase() || each.name === name);
  if (found !== undefined) return found;
  const known = processors.map(({ id }) => id);
  throw malformedRow(row, `the catalog has no processor '${name}'`, { name, known });
}

function acceleratorOf(user: UserInstance, row: PriceRow, { catalog, alike }: Known): InstanceAccelerator | null {
  const { accelerator: name, acceleratorCount: count, acceleratorMemoryGib: memory } = user;
  if (name === null || (name === undefined && (alike?.accelerator ?? null) === null)) return null;
  const before = name === undefined || name === alike?.accelerator?.name ? (alike?.accelerator ?? null) : null;
  const named = name ?? before?.name ?? '';
  const known = catalog.accelerators.find(({ id }) => id === named.toLowerCase()) ?? matchAccelerator(named, catalog);
  return {
    id: before === null ? (known?.id ?? null) : before.id,
    name: named,
    count: count ?? before?.count ?? 1,
    memoryGibEach: needed('acceleratorMemoryGib', memory ?? before?.memoryGibEach ?? known?.memoryGb, row),
  };
}

/** What is doubtful about the catalog's row stays where the figure does. */
function flagsOf({ onDemand, spot }: InstanceType, same: InstanceType | null): InstanceType['flags'] {
  const kept = (same?.flags ?? []).filter((flag) => {
    if (flag === 'undated' || flag === 'user') return false;
    if (flag.startsWith('spot-')) return spot !== null && spot.usdPerHour === same?.spot?.usdPerHour;
    return onDemand.usdPerHour === same?.onDemand.usdPerHour || flag === 'usable-memory';
  });
  const isUndated = onDemand.date === null || (spot !== null && spot.date === null);
  return [...kept, ...(isUndated ? (['undated'] as const) : []), 'user'];
}

function isAlike(one: InstanceType, other: InstanceType): boolean {
  return JSON.stringify({ ...one, flags: [] }) === JSON.stringify({ ...other, flags: [] });
}
