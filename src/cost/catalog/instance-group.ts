import type { CatalogFlag } from '../vocabulary.ts';
import type { InstanceAccelerator, InstanceType, Provenance, SpotPrice } from './catalog.ts';
import { readBand } from './interruption-band.ts';

type InterruptionBand = '<5%' | '5-10%' | '10-15%' | '15-20%' | '>20%';

/** Instances of one region whose prices were read in one place. */
export interface InstanceListing {
  readonly cloud: string;
  readonly region: string;
  readonly onDemand: Provenance;
  readonly spot: Provenance | null;
  /** Of every row. */
  readonly flags?: readonly CatalogFlag[];
  /** Of every row with a spot price. */
  readonly spotFlags?: readonly CatalogFlag[];
  readonly groups: readonly InstanceGroup[];
}

/** Instances with the same hardware in different numbers. */
interface InstanceGroup extends Pick<InstanceType, 'architecture' | 'processor' | 'processorName'> {
  readonly accelerator?: Omit<InstanceAccelerator, 'count'>;
  readonly flags?: readonly CatalogFlag[];
  readonly spotFlags?: readonly CatalogFlag[];
  readonly rows: readonly InstanceRow[];
}

type InstanceRow = readonly [
  name: string,
  vcpus: number,
  memoryGib: number,
  onDemandUsdPerHour: number,
  spotUsdPerHour?: number | null,
  interruption?: InterruptionBand | null,
  accelerators?: number,
];

/** The instances of a listing, each with its sources. */
export function instancesOf(listing: InstanceListing): readonly InstanceType[] {
  return listing.groups.flatMap((group) => group.rows.map((row) => instanceOf(row, group, listing)));
}

function instanceOf(row: InstanceRow, group: InstanceGroup, listing: InstanceListing): InstanceType {
  const [name, vcpus, memoryGib, usdPerHour, spotUsdPerHour = null, band = null, count = 1] = row;
  const { cloud, region } = listing;
  const { architecture, processor, processorName, accelerator } = group;
  const spot = spotPrice(spotUsdPerHour, band, listing.spot);
  const spotFlags = [...(listing.spotFlags ?? []), ...(group.spotFlags ?? [])];
  return {
    id: `${cloud}/${region}/${name}`,
    cloud,
    region,
    name,
    architecture,
    processor,
    processorName,
    vcpus,
    memoryGib,
    accelerator: accelerator === undefined ? null : { ...accelerator, count },
    currency: 'USD',
    onDemand: { usdPerHour, ...listing.onDemand },
    spot,
    flags: [...(listing.flags ?? []), ...(group.flags ?? []), ...(spot === null ? [] : spotFlags)],
  };
}

function spotPrice(
  usdPerHour: number | null,
  band: InterruptionBand | null,
  provenance: Provenance | null,
): SpotPrice | null {
  if (usdPerHour === null || provenance === null) return null;
  return { usdPerHour, ...provenance, interruption: band === null ? null : readBand(band) };
}
