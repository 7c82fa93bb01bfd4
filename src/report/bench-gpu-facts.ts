import type { GpuUse } from '../bench/bench-result.ts';
import { pointName } from './bench-factors.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { throttleName } from './messages/gpu-messages.ts';
import { formatBytes, formatNumber, formatPercent } from './units.ts';

/** What the GPU did at each point that ran on one, and what is copied to it and back. */
export function gpuFacts(rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  return rows.flatMap((row): readonly Fact[] => {
    const { gpu } = row.point;
    if (gpu === null) return [];
    const name = pointName(row, factors);
    const label = (text: string) => (name === '' ? text : `${name}: ${text}`);
    const parts = useTexts(gpu);
    return [
      ...(parts.length === 0 ? [] : [{ label: 'GPU', text: label(`device ${gpu.device}, ${parts.join(', ')}`) }]),
      ...copyFacts(gpu).map((text) => ({ label: 'Copies', text: label(text) })),
    ];
  });
}

function useTexts(gpu: GpuUse): readonly string[] {
  return [
    told(gpu.utilization, (share) => `a kernel ran ${formatPercent(share)} of the time`),
    told(gpu.memoryUsedBytes, (bytes) => `${formatBytes(bytes)} in use${gpu.isMig ? ' by all instances' : ''}`),
    powerText(gpu),
    told(gpu.joulesPerItem?.value ?? null, (joules) => `${formatNumber(joules)} J an item beyond idle`),
    clockText(gpu),
    told(gpu.temperatureC, (celsius) => `${formatNumber(celsius)} °C`),
    ...(gpu.throttled ?? []).map(({ reason, share }) => `held down by ${throttleName(reason)} ${formatPercent(share)}`),
  ].filter((text) => text !== '');
}

function powerText({ powerW, idlePowerW, powerIsInstant }: GpuUse): string {
  if (powerW === null) return '';
  const idle = idlePowerW === null ? '' : ` (idle ${formatNumber(idlePowerW)} W)`;
  return `${formatNumber(powerW)} W${idle}${powerIsInstant ? '' : ', averaged by the driver'}`;
}

function clockText({ smClockMhz, smClockMaxMhz }: GpuUse): string {
  if (smClockMhz === null) return '';
  return `${formatNumber(smClockMhz)}${smClockMaxMhz === null ? '' : ` of ${formatNumber(smClockMaxMhz)}`} MHz`;
}

function copyFacts({ copies }: GpuUse): readonly string[] {
  if (copies === null) return [];
  const { toDeviceBytes, fromDeviceBytes } = copies;
  return [
    `each run copies ${formatBytes(toDeviceBytes)} to the GPU and ${formatBytes(fromDeviceBytes)} back (inputs and outputs), which the times include`,
  ];
}

function told(value: number | null, text: (value: number) => string): string {
  return value === null ? '' : text(value);
}
