// The words of the domain that the command line reads flags with.
export { pruneKindOf } from '../prune/prune-settings.ts';
export { blindUnitScores, blindWeightScores, unitScores, weightScores } from '../prune/vocabulary.ts';
