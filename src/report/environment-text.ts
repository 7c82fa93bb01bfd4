import type { Environment } from '../runtime/environment.ts';
import { formatBytes } from './units.ts';

/** One line on the processor, its usable cores, and what else runs models. */
export function machineText({ cpu, os, container, gpus, memory }: Environment): string {
  const cores =
    cpu.usableCores === cpu.logicalCores
      ? `${coresText(cpu.usableCores)}`
      : `${formatCores(cpu.usableCores)} of ${coresText(cpu.logicalCores)} usable`;
  const parts = [
    cpu.model,
    cores,
    `${formatBytes(memory.limitBytes ?? memory.totalBytes)} memory`,
    `${os.platform} ${os.arch}`,
    container === null ? '' : `in ${container}`,
    ...gpus.map((gpu) => gpu.name),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** One line on the versions, and the fingerprint that results must share to be compared. */
export function softwareText(environment: Environment): string {
  const { onnxruntime, node, fingerprint } = environment;
  const version = node.startsWith('v') ? node.slice(1) : node;
  return `onnxruntime ${onnxruntime}, node ${version}, fingerprint ${fingerprint.slice(0, 12)}`;
}

/** `EPYC 7B13` and `2 cores`, for the head of a column. */
export function shortMachine({ cpu }: Environment): { readonly model: string; readonly cores: string } {
  const model = cpu.model
    .replace(/\((R|TM|C)\)/gi, '')
    .replace(/@.*$/, '')
    .replace(/\b(\d+-Core|CPU|Processor|AMD|Intel)\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  return { model: model === '' ? cpu.model : model, cores: coresText(cpu.usableCores) };
}

function coresText(cores: number): string {
  return `${formatCores(cores)} ${cores === 1 ? 'core' : 'cores'}`;
}

/** A container's quota may be a fraction of a core. */
function formatCores(cores: number): string {
  return String(Number(cores.toFixed(2)));
}
