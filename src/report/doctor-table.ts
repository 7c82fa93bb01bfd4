import type { DoctorResult } from '../doctor/doctor-result.ts';
import { describeFinding } from './messages/message.ts';
import { paint, type Style, type Tone } from './style.ts';
import { count, formatBytes, formatMs, formatNumber, formatPercent } from './units.ts';
import { wrapText } from './wrap-text.ts';

const unknown = 'unknown';
const labelWidth = 18;

/** A labelled fact. */
interface Row {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
}

/** The machine as a page for a terminal: a section per part, a fact per line, and last what to do about it. */
export function doctorTable(result: DoctorResult, style: Style): string {
  const blocks = doctorSections(result).map(({ title, rows }) =>
    [paint(title, 'strong', style), ...rows.flatMap((row) => drawRow(row, style))].join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

/** What is said of a machine, in any format. */
export function doctorSections(result: DoctorResult): readonly { title: string; rows: readonly Row[] }[] {
  const { environment } = result;
  return [
    { title: 'System', rows: systemRows(environment) },
    { title: 'Processor', rows: processorRows(environment.cpu) },
    { title: 'Memory', rows: memoryRows(environment.memory) },
    { title: 'GPUs', rows: gpuRows(environment.gpus) },
    { title: 'Providers', rows: result.providers.flatMap(providerRows) },
    { title: 'Noise', rows: noiseRows(result.noise) },
    { title: 'Findings', rows: findingRows(result) },
  ];
}

function drawRow({ label, text, tone }: Row, style: Style): readonly string[] {
  const lines = wrapText(text, style.width - labelWidth - 2);
  return lines.map((line, index) => {
    const head = paint((index === 0 ? label : '').padEnd(labelWidth), 'dim', style);
    return `  ${head}${paint(line, tone ?? (line === unknown ? 'dim' : 'plain'), style)}`;
  });
}

type Machine = DoctorResult['environment'];

function systemRows({ os, container, node, onnxruntime, fingerprint }: Machine): readonly Row[] {
  return [
    { label: 'Release', text: `${os.distribution ?? os.platform}, ${os.platform} ${os.release}, ${os.arch}` },
    { label: 'Container', text: container ?? 'none found' },
    { label: 'Software', text: `onnxruntime ${onnxruntime}, Node ${node.replace(/^v/, '')}` },
    { label: 'Fingerprint', text: fingerprint },
  ];
}

function processorRows(cpu: Machine['cpu']): readonly Row[] {
  return [
    { label: 'Model', text: cpu.model },
    { label: 'Cores', text: `${cpu.logicalCores} logical, ${cpu.physicalCores ?? unknown} physical` },
    { label: 'Usable cores', text: `${cpu.usableCores} (${boundsText(cpu)})` },
    { label: 'Instructions', text: cpu.instructionSets.length === 0 ? unknown : cpu.instructionSets.join(' ') },
    { label: 'Clock', text: orUnknown(cpu.frequencyMhz, (mhz) => `${formatNumber(mhz / 1000)} GHz`) },
    { label: 'Governor', text: cpu.governor ?? unknown },
  ];
}

function boundsText({ affinityCores, quotaCores }: Machine['cpu']): string {
  const quota = quotaCores === null ? 'no container quota' : `container quota ${formatNumber(quotaCores)}`;
  return `affinity ${affinityCores ?? unknown}, ${quota}`;
}

function memoryRows(memory: Machine['memory']): readonly Row[] {
  return [
    { label: 'Total', text: formatBytes(memory.totalBytes) },
    { label: 'Available', text: orUnknown(memory.availableBytes, formatBytes) },
    { label: 'Container limit', text: memory.limitBytes === null ? 'none' : formatBytes(memory.limitBytes) },
  ];
}

type Gpu = Machine['gpus'][number];

function gpuRows(gpus: Machine['gpus']): readonly Row[] {
  if (gpus.length === 0) return [{ label: 'NVIDIA', text: 'none found by nvidia-smi' }];
  return gpus.map((gpu) => ({ label: gpu.api, text: gpuText(gpu) }));
}

function gpuText(gpu: Gpu): string {
  const { name, memoryBytes, driver, driverCuda = null, computeCapability = null, powerLimitW = null, isMig } = gpu;
  const parts = [
    name,
    orUnknown(memoryBytes, formatBytes),
    `driver ${driver ?? unknown}${driverCuda === null ? '' : ` (up to CUDA ${driverCuda})`}`,
    computeCapability === null ? '' : `compute capability ${computeCapability}`,
    powerLimitW === null ? '' : `limit ${formatNumber(powerLimitW)} W`,
    isMig === true ? 'divided into instances (MIG)' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function providerRows(status: DoctorResult['providers'][number]): readonly Row[] {
  if (!status.usable)
    return [
      { label: status.name, text: 'missing', tone: 'warn' },
      { label: '  why', text: status.reason },
      { label: '  how to get it', text: status.cure },
    ];
  const details = [status.device, status.version].filter((detail) => detail !== null);
  return [{ label: status.name, text: ['usable', ...details].join(', '), tone: 'good' }];
}

function noiseRows(noise: DoctorResult['noise']): readonly Row[] {
  return [
    {
      label: 'Load average',
      text: orUnknown(noise.loadAverage, (load) => `${formatNumber(load)} over the last minute`),
    },
    {
      label: 'Pressure',
      text: orUnknown(noise.pressureShare, (share) => `some task waited ${formatPercent(share)} of the last 10 s`),
    },
    {
      label: 'Steal',
      text: orUnknown(noise.stealShare, (share) => `${formatPercent(share)} over ${formatMs(noise.windowMs)}`),
    },
    { label: 'Throttled', text: orUnknown(noise.throttledPeriods, (periods) => count(periods, 'period')) },
  ];
}

function findingRows({ findings, usable }: DoctorResult): readonly Row[] {
  const verdict: Row = usable
    ? { label: 'ok', text: 'models can be run here', tone: 'good' }
    : { label: 'not ok', text: 'models cannot be run here', tone: 'bad' };
  return [verdict, ...findings.map((finding) => ({ label: '!', text: describeFinding(finding) }))];
}

function orUnknown(value: number | null, format: (value: number) => string): string {
  return value === null ? unknown : format(value);
}
