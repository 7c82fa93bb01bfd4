import type { Fact } from '../../fact.ts';
import type { Origin } from '../page.ts';

/** The fields that every result begins with. */
export function originOf({ createdAt, tool, command, environment }: Omit<Origin, 'label'>, label = ''): Origin {
  return { label, createdAt, tool, command, environment };
}

/** Facts without those that the environment's own section has in full. */
export function withoutPlace(facts: readonly Fact[]): readonly Fact[] {
  return facts.filter(({ label }) => label !== 'Machine' && label !== 'Software');
}
