import type { Fact } from '../fact.ts';
import { formatBytes, formatNumber } from '../units.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import type { Origin } from './page.ts';

/** When, where and by which command a result was made. */
export function originMarkup(origin: Origin): Markup {
  const heading = origin.label === '' ? null : html`<h3>${origin.label}</h3>`;
  return html`${heading}${factsMarkup(originFacts(origin))}`;
}

/** Labeled lines; a label is said once. */
export function factsMarkup(facts: readonly Fact[]): Markup {
  const labels = [...new Set(facts.map(({ label }) => label))];
  const entries = labels.map((label) => {
    const own = facts.filter((fact) => fact.label === label);
    return html`<div>
      <dt>${label}</dt>
      ${own.map(({ text }) => html`<dd>${text}</dd>`)}
    </div>`;
  });
  return html`<dl>${entries}</dl>`;
}

function originFacts({ environment, createdAt, tool, command }: Origin): readonly Fact[] {
  const { os, cpu, memory, container, node, onnxruntime, providers, gpus, fingerprint } = environment;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Created', createdAt],
    ['Command', command.length === 0 ? null : command.join(' ')],
    ['Tool', `${tool.name} ${tool.version}`],
    ['Processor', cpu.model],
    ['Cores', coresText(cpu)],
    ['Clock', cpu.frequencyMhz === null ? null : `${formatNumber(cpu.frequencyMhz / 1000)} GHz`],
    ['Governor', cpu.governor],
    ['Instructions', cpu.instructionSets.join(' ')],
    ['Memory', memoryText(memory)],
    ['GPUs', gpus.map(({ name, driver, api }) => `${name} (${[api, driver].filter(Boolean).join(', ')})`).join('; ')],
    ['System', [os.distribution, os.platform, os.release, os.arch].filter(Boolean).join(', ')],
    ['Container', container],
    ['Software', `onnxruntime ${onnxruntime}, Node ${node.replace(/^v/, '')}`],
    ['Providers', providers.join(', ')],
    ['Fingerprint', fingerprint],
  ];
  return facts.flatMap(([label, text]) => (text === null || text === '' ? [] : [{ label, text }]));
}

function coresText({ usableCores, logicalCores, physicalCores, quotaCores }: Origin['environment']['cpu']): string {
  const physical = physicalCores === null ? '' : `, ${physicalCores} physical`;
  const quota = quotaCores === null ? '' : `, container quota ${formatNumber(quotaCores)}`;
  return `${Number(usableCores.toFixed(2))} usable of ${logicalCores} logical${physical}${quota}`;
}

function memoryText({ totalBytes, availableBytes, limitBytes }: Origin['environment']['memory']): string {
  const available = availableBytes === null ? '' : `, ${formatBytes(availableBytes)} available`;
  const limit = limitBytes === null ? '' : `, container limit ${formatBytes(limitBytes)}`;
  return `${formatBytes(totalBytes)}${available}${limit}`;
}
