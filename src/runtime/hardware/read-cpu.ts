import type { Environment } from '../environment.ts';
import { type CpuInfo, parseCpuInfo } from './cpu-info.ts';
import { readQuotaCores } from './cpu-quota.ts';
import { readFrequencyMhz } from './frequency.ts';
import type { HardwareSource, ReadText } from './hardware-source.ts';
import { relevantInstructionSets } from './instruction-sets.ts';
import { readMacCpu } from './mac-cpu.ts';
import { parseAffinityCores, usableCores } from './usable-cores.ts';

/** The processor as inference sees it. */
export async function readCpu(source: HardwareSource): Promise<Environment['cpu']> {
  const { readText, availableParallelism } = source;
  const info = parseCpuInfo(readText('/proc/cpuinfo') ?? '');
  const mac = source.platform === 'darwin' ? await readMacCpu(source.run) : null;
  const affinityCores = parseAffinityCores(readText('/proc/self/status'));
  const quotaCores = readQuotaCores(readText);
  return {
    model: info.model ?? source.cpuModel ?? 'unknown',
    logicalCores: info.logicalCores || source.logicalCores,
    physicalCores: info.physicalCores ?? mac?.physicalCores ?? topologyCores(info, readText),
    usableCores: usableCores({ availableParallelism, affinityCores, quotaCores }),
    affinityCores,
    quotaCores,
    instructionSets: relevantInstructionSets(mac?.flags ?? info.flags),
    frequencyMhz: readFrequencyMhz(readText),
    governor: readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor')?.trim() || null,
  };
}

/** Cores by sysfs, for Arm, whose `/proc/cpuinfo` does not number them. */
function topologyCores(info: CpuInfo, readText: ReadText): number | null {
  const cores = new Set<string>();
  for (let index = 0; index < info.logicalCores; index += 1) {
    const folder = `/sys/devices/system/cpu/cpu${index}/topology`;
    const core = readText(`${folder}/core_id`);
    if (core === null) return null;
    cores.add(`${readText(`${folder}/physical_package_id`)?.trim() ?? '0'}/${core.trim()}`);
  }
  return cores.size === 0 ? null : cores.size;
}
