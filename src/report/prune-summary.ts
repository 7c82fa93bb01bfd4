import type { PruneResult } from '../prune/prune-result.ts';
import { closenessSection } from './closeness-section.ts';
import type { JudgedSummary } from './judged-summary.ts';
import { judgedHeading } from './judged-texts.ts';
import { describeFinding } from './messages/message.ts';
import { pruneCandidates } from './prune-candidates.ts';
import { pruneFacts } from './prune-facts.ts';
import { figuresSection } from './prune-figures.ts';
import { pruneGoalLines } from './prune-goals.ts';
import { groupsSection, locksSection } from './prune-groups.ts';
import { isSizeOnly, pruneHeadline } from './prune-headline.ts';
import { blocksSection, repairsSection, sensitivitySection, sparseSection } from './prune-layers.ts';
import type { View } from './view.ts';

/** Says what was done; `details` for every group, trial and refitted layer. */
export function pruneSummary(result: PruneResult, view: View): JudgedSummary {
  return {
    ok: result.ok,
    heading: judgedHeading(result),
    headline: pruneHeadline(result),
    goals: pruneGoalLines(result),
    sections: [
      ...pruneCandidates(result),
      ...closenessSection(result.evaluation, view),
      ...groupsSection(result, view),
      ...locksSection(result),
      ...blocksSection(result, view),
      ...sparseSection(result, view),
      ...figuresSection(result),
      ...(view.details ? [...sensitivitySection(result, view), ...repairsSection(result, view)] : []),
    ],
    facts: pruneFacts(result),
    warnings: warningsOf(result),
  };
}

/** What the headline says already is not said twice. */
function warningsOf(result: PruneResult): readonly string[] {
  const warnings = result.warnings.filter(({ code }) => code !== 'size-only' || !isSizeOnly(result));
  return warnings.map(describeFinding);
}
