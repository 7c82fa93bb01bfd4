import type { Catalog, GridIntensity, InstanceType } from '../catalog/catalog.ts';

/**
 * Countries of regions, by how their names begin: only Google's regions have figures of their own. From the clouds'
 * lists of regions.
 */
const countries: readonly (readonly [cloud: string, region: string, country: string])[] = [
  ['aws', 'us-', 'USA'],
  ['aws', 'ca-', 'CAN'],
  ['aws', 'sa-east-1', 'BRA'],
  ['aws', 'eu-central-1', 'DEU'],
  ['aws', 'eu-west-1', 'IRL'],
  ['aws', 'eu-west-2', 'GBR'],
  ['aws', 'eu-west-3', 'FRA'],
  ['aws', 'eu-north-1', 'SWE'],
  ['aws', 'eu-south-1', 'ITA'],
  ['aws', 'eu-south-2', 'ESP'],
  ['aws', 'ap-south-', 'IND'],
  ['aws', 'ap-northeast-2', 'KOR'],
  ['aws', 'ap-northeast-', 'JPN'],
  ['aws', 'ap-southeast-1', 'SGP'],
  ['aws', 'ap-southeast-2', 'AUS'],
  ['aws', 'ap-southeast-4', 'AUS'],
  ['aws', 'af-south-1', 'ZAF'],
  ['aws', 'cn-', 'CHN'],
  ['azure', 'canada', 'CAN'],
  ['azure', 'brazil', 'BRA'],
  ['azure', 'germany', 'DEU'],
  ['azure', 'northeurope', 'IRL'],
  ['azure', 'westeurope', 'NLD'],
  ['azure', 'uk', 'GBR'],
  ['azure', 'france', 'FRA'],
  ['azure', 'sweden', 'SWE'],
  ['azure', 'norway', 'NOR'],
  ['azure', 'italy', 'ITA'],
  ['azure', 'spain', 'ESP'],
  ['azure', 'poland', 'POL'],
  ['azure', 'japan', 'JPN'],
  ['azure', 'korea', 'KOR'],
  ['azure', 'southeastasia', 'SGP'],
  ['azure', 'australia', 'AUS'],
  ['azure', 'southafrica', 'ZAF'],
  ['azure', 'china', 'CHN'],
  ...['central', 'south', 'west'].map((part) => ['azure', `${part}india`, 'IND'] as const),
  ...['east', 'west', 'central', 'northcentral', 'southcentral', 'westcentral'].map(
    (part) => ['azure', `${part}us`, 'USA'] as const,
  ),
  ['', 'us-', 'USA'],
  ['', 'usa', 'USA'],
  ['', 'us', 'USA'],
  ['', 'canada', 'CAN'],
  ['', 'norway', 'NOR'],
];

/** The grid that a region draws from: its own figure or its country's; null where the catalog has neither. */
export function gridOf(place: Pick<InstanceType, 'cloud' | 'region'>, catalog: Catalog): GridIntensity | null {
  const region = place.region.toLowerCase();
  const find = (scope: GridIntensity['scope'], key: string): GridIntensity | null =>
    catalog.grids.find((grid) => grid.scope === scope && grid.key === key) ?? null;
  const own = find('user', place.region) ?? (place.cloud === 'gcp' ? find('gcp-region', region) : null);
  if (own !== null) return own;
  const country = countries.find(
    ([cloud, start]) => (cloud === '' || cloud === place.cloud) && region.startsWith(start),
  );
  return country === undefined ? null : find('country', country[2]);
}
