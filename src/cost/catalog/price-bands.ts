import { median } from '../../stats/quantile.ts';
import type { InstanceType } from './catalog.ts';

/** $/h of a vCPU without accelerators: the cheapest listed is half of a burstable core, the dearest a whole one of 2026. */
const usdPerVcpu = { low: 0.01, high: 0.12 };
/** $/h of an accelerator with its share of the machine: from an Inferentia on. Sentinels such as 700 are far outside. */
const usdPerAccelerator = { low: 0.05, high: 25 };
/** Sizes of a family cost the same a vCPU but for rounding and memory. */
const vcpuSpread = 1.35;
/** An accelerator costs up to five times as much where the cloud is large or the machine around it is. */
const acceleratorSpread = 5;

/**
 * The instances whose on-demand price is outside its band, each with what is wrong: per vCPU beside its family, or per
 * accelerator beside the same accelerator anywhere. Prices that the user set are nobody's business.
 */
export function outOfBand(instances: readonly InstanceType[]): readonly { id: string; problem: string }[] {
  const listed = instances.filter(({ flags }) => !flags.includes('user'));
  const groups = new Map<string, InstanceType[]>();
  for (const instance of listed) {
    const key = bandKey(instance);
    groups.set(key, [...(groups.get(key) ?? []), instance]);
  }
  return [...groups.values()].flatMap(outOfGroup);
}

function outOfGroup(group: readonly InstanceType[]): readonly { id: string; problem: string }[] {
  const middle = median(group.map(unitPrice));
  return group.flatMap((instance) => {
    const isPlain = instance.accelerator === null;
    const { low, high } = isPlain ? usdPerVcpu : usdPerAccelerator;
    const spread = isPlain ? vcpuSpread : acceleratorSpread;
    const price = unitPrice(instance);
    if (price >= Math.max(low, middle / spread) && price <= Math.min(high, middle * spread)) return [];
    const unit = isPlain ? 'vCPU' : 'accelerator';
    return [{ id: instance.id, problem: `${price} USD an hour and ${unit}, where others cost ${middle}` }];
  });
}

function unitPrice({ onDemand, vcpus, accelerator }: InstanceType): number {
  return onDemand.usdPerHour / (accelerator?.count ?? vcpus);
}

function bandKey({ cloud, region, name, accelerator }: InstanceType): string {
  return accelerator?.name ?? `${cloud}/${region}/${familyOf(name)}`;
}

/** `c7i` of c7i.2xlarge, `n2-standard` of n2-standard-4, `Standard_Ds_v5` of Standard_D8s_v5. */
export function familyOf(name: string): string {
  const azure = /^(Standard_[A-Z]+)\d+(.*)$/.exec(name);
  if (azure !== null) return `${azure[1]}${azure[2]}`;
  return name.replace(/\..*$/, '').replace(/-\d+$/, '');
}
