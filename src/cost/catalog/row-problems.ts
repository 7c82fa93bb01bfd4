import type {
  Accelerator,
  Catalog,
  GridIntensity,
  InstanceAccelerator,
  InstanceType,
  Processor,
  TokenPrice,
} from './catalog.ts';

/** Of a machine, in GiB a vCPU: burstable ones have half, the largest for memory 24, those with GPUs up to 19. */
const memoryPerVcpu = { low: 0.5, high: 64 };
/** What drivers and packages leave of an accelerator's nominal memory, and GB told as GiB. */
const memoryShare = { low: 0.85, high: 1.1 };
/** GPUs come in these numbers: a source that tells 12 of a machine with 8 is mistaken. */
const gpuCounts = new Set([1, 2, 4, 8, 16]);
const largestCount = 16;
/** Grids are between 0 and that of the dirtiest coal, in g/kWh. */
const dirtiestGrid = 1500;

/** What cannot be right about an instance, given the hardware that the catalog knows; one sentence each. */
export function instanceProblems(
  instance: InstanceType,
  { processors, accelerators }: Pick<Catalog, 'processors' | 'accelerators'>,
): readonly string[] {
  const { id, cloud, region, name, vcpus, memoryGib, accelerator } = instance;
  const each = memoryGib / vcpus;
  return [
    ...(id === `${cloud}/${region}/${name}` ? [] : [`its id is not ${cloud}/${region}/${name}`]),
    ...priceProblems(instance),
    ...(each < memoryPerVcpu.low || each > memoryPerVcpu.high ? [`${memoryGib} GiB for ${vcpus} vCPUs`] : []),
    ...processorProblems(instance, processors),
    ...(accelerator === null ? [] : acceleratorProblems(accelerator, accelerators)),
    ...dateProblems([instance.onDemand.date, ...(instance.spot === null ? [] : [instance.spot.date])], instance.flags),
  ];
}

function priceProblems({ onDemand, spot, flags }: InstanceType): readonly string[] {
  if (spot === null) {
    const flag = flags.find((each) => each.startsWith('spot-'));
    return flag === undefined ? [] : [`flag ${flag} without a spot price`];
  }
  const { interruption } = spot;
  const isBackward = interruption !== null && interruption.low > interruption.high;
  return [
    ...(spot.usdPerHour > onDemand.usdPerHour
      ? [`the spot price ${spot.usdPerHour} is above the on-demand price ${onDemand.usdPerHour}`]
      : []),
    ...(isBackward ? ['its interruptions run from high to low'] : []),
  ];
}

function processorProblems(
  { processor, architecture }: InstanceType,
  processors: readonly Processor[],
): readonly string[] {
  if (processor === null) return [];
  const found = processors.find(({ id }) => id === processor);
  if (found === undefined) return [`there is no processor '${processor}'`];
  return found.architecture === architecture ? [] : [`processor '${processor}' is ${found.architecture}`];
}

function acceleratorProblems(
  { id, name, count, memoryGibEach }: InstanceAccelerator,
  accelerators: readonly Accelerator[],
): readonly string[] {
  const isGpu = !/inferentia|trainium/i.test(name);
  const isPlausible = count < 1 || (isGpu ? gpuCounts.has(count) : count <= largestCount && count % 1 === 0);
  const problems = isPlausible ? [] : [`${count} accelerators ${name}`];
  if (id === null) return problems;
  const found = accelerators.find((each) => each.id === id);
  if (found === undefined) return [...problems, `there is no accelerator '${id}'`];
  const share = memoryGibEach / (found.memoryGb * Math.min(1, count));
  const fits = share >= memoryShare.low && share <= memoryShare.high;
  return fits ? problems : [...problems, `${memoryGibEach} GiB each, where ${found.name} has ${found.memoryGb}`];
}

export function tokenPriceProblems(price: TokenPrice): readonly string[] {
  const { mode, usdPerMillionInput, usdPerMillionOutput, usdPerMillionCachedInput: cached } = price;
  return [
    // What is embedded or ranked has no output to pay; an answer has.
    ...(mode === 'chat' && !((usdPerMillionOutput ?? 0) > 0) ? ['it has no price of output tokens'] : []),
    ...(cached !== null && cached > usdPerMillionInput ? ['cached input costs more than input'] : []),
    ...dateProblems([price.date], price.flags),
  ];
}

export function gridProblems({ gramsPerKwh, date, flags }: GridIntensity): readonly string[] {
  return [...(gramsPerKwh > dirtiestGrid ? [`${gramsPerKwh} g/kWh`] : []), ...dateProblems([date], flags)];
}

export function hardwareProblems({ date, flags }: Processor | Accelerator): readonly string[] {
  return dateProblems([date], flags);
}

/** A date that is not there must be told, and none else. */
function dateProblems(dates: readonly (string | null)[], flags: readonly string[]): readonly string[] {
  const isUndated = dates.includes(null);
  if (isUndated === flags.includes('undated')) return [];
  return [isUndated ? 'it has no date and is not flagged undated' : 'it is flagged undated and has a date'];
}
