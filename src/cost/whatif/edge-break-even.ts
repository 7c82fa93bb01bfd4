import type { Interval } from '../../stats/interval.ts';
import type { CostOption, EdgeBreakEven } from '../cost-result.ts';
import { hoursPerMonth } from '../vocabulary.ts';

export interface EdgeDevice {
  readonly deviceUsd: number;
  /** Drawn all the time. */
  readonly watts: number;
  readonly years: number;
  readonly usdPerKwh: number;
}

export interface EdgeComparison {
  readonly device: EdgeDevice;
  readonly cloud: { readonly index: number; readonly option: CostOption };
  /** Items a second that a curve measured on such a device reaches; null where none was. */
  readonly deviceItemsPerSecond: number | null;
}

/**
 * From how many requests a month on a device of one's own costs less than the cloud at its price per request: (D / months
 * + energy) / c. Energy is for all hours, for a device that waits draws power too.
 */
export function edgeBreakEven({ device, cloud, deviceItemsPerSecond }: EdgeComparison): EdgeBreakEven {
  const { deviceUsd, watts, years, usdPerKwh } = device;
  const deviceUsdPerMonth = deviceUsd / (12 * years) + (watts / 1000) * hoursPerMonth * usdPerKwh;
  return {
    ...device,
    deviceUsdPerMonth,
    option: cloud.index,
    cloudUsdPerMillion: cloud.option.usdPerMillion,
    requestsPerMonth: millionsFor(deviceUsdPerMonth, cloud.option.usdPerMillion),
    capacityPerMonth: deviceItemsPerSecond === null ? null : deviceItemsPerSecond * hoursPerMonth * 3600,
  };
}

function millionsFor(usd: number, usdPerMillion: Interval): Interval | null {
  const requests = (perMillion: number): number => (usd / perMillion) * 1e6;
  const { value, low, high } = usdPerMillion;
  if (!(value > 0)) return null;
  return {
    value: requests(value),
    low: high === null ? null : requests(high),
    high: low === null || low <= 0 ? null : requests(low),
  };
}
