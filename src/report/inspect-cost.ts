import type { InspectResult } from '../inspect/inspect-result.ts';
import type { Fact } from './fact.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { formatBytes, formatMagnitude, formatNumber, formatWhole } from './units.ts';

/** What one run takes, as far as it can be told, and what the figures mean. */
export function costSection({ dims, macs, traffic, activations }: InspectResult): Section {
  const lengths = Object.entries(dims).map(([name, length]) => `${shortName(name)}=${length}`);
  const facts: readonly Fact[] = [
    ...(lengths.length === 0 ? [] : [{ label: 'Lengths', text: lengths.join(' ') }]),
    { label: 'MACs', text: macsText(macs) },
    { label: 'Bytes moved', text: bounded(traffic.bytes, traffic.unknownNodes, formatBytes(traffic.bytes)) },
    { label: 'Intensity', text: intensityText(traffic) },
    { label: 'Activations', text: peakText(activations) },
  ];
  return {
    title: 'Cost of a run',
    blocks: [
      { kind: 'facts', facts },
      { kind: 'note', text: `${macs.definition} ${traffic.definition}` },
    ],
  };
}

function macsText({ total, unknown: { shape, tripCount, operator } }: InspectResult['macs']): string {
  const rounded = total < 1000 ? '' : ` (${formatMagnitude(total)})`;
  return bounded(total, shape + tripCount + operator, `${formatWhole(total)}${rounded}`);
}

function intensityText({ intensity }: InspectResult['traffic']): string {
  return intensity === null ? 'unknown' : `${formatNumber(intensity)} MACs a byte`;
}

function peakText({ peakBytes, node, unknownValues }: InspectResult['activations']): string {
  const at = node === null ? '' : ` at once, while '${shortName(node.name)}' (${shortName(node.operator)}) runs`;
  const text = `${formatBytes(peakBytes)}${at}; constants apart, nothing reused in place`;
  return bounded(peakBytes, unknownValues, text);
}

/** A figure that lacks what is not known. */
function bounded(figure: number, unknown: number, text: string): string {
  if (unknown === 0) return text;
  return figure === 0 ? 'unknown' : `at least ${text}`;
}
