import type { InspectResult } from '../inspect/inspect-result.ts';
import type { Fact } from './fact.ts';
import { describeObstacle } from './messages/inspect-messages.ts';
import type { Rewrite } from './messages/inspect-messages.ts';
import type { Section } from './section.ts';
import { count, formatBytes, formatWhole } from './units.ts';

/** Which layers quantization or pruning could serve, and why not the others. */
export function suitabilitySections({ layers }: InspectResult): readonly Section[] {
  if (layers.total === 0) return [];
  return [suitabilitySection('quantization', layers), suitabilitySection('pruning', layers)];
}

const titles = { quantization: 'Quantization', pruning: 'Pruning channels, by a first look' } as const;

function suitabilitySection(rewrite: Rewrite, { total, quantizable, prunable }: InspectResult['layers']): Section {
  const { layers, weightBytes, obstacles } = rewrite === 'quantization' ? quantizable : prunable;
  const served = `${formatWhole(layers)} of ${count(total, 'layer')}, ${formatBytes(weightBytes)} of weights`;
  const none = `none of ${count(total, 'layer')}`;
  const facts: readonly Fact[] = [
    { label: 'Could serve', text: layers === 0 ? none : served },
    ...obstacles.map((obstacle) => ({
      label: `Not for ${formatWhole(obstacle.layers)}`,
      text: describeObstacle(rewrite, obstacle.code),
    })),
  ];
  return { title: titles[rewrite], blocks: [{ kind: 'facts', facts }] };
}
