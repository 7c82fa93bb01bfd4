import { count, formatWhole } from '../units.ts';
import { clause, listOf } from './phrases.ts';
import type { Sentences } from './sentences.ts';

/** Warnings of every command that makes a model, tries candidates and judges them. */
interface JudgedWarningDetails {
  'quality-unknown': { readonly compared: boolean };
  undecided: { readonly goals: readonly string[] };
  'candidate-failed': { readonly candidate: string; readonly problem: string };
  'few-samples': { readonly samples: number; readonly wanted: number };
}

export const judgedWarningMessages: Sentences<JudgedWarningDetails> = {
  'quality-unknown': (d) =>
    `nothing vouches for its quality: outputs were ${d.compared ? 'compared on made-up inputs alone' : 'not compared'}; give samples with --data, best with labels`,
  undecided: (d) =>
    `the noise of the machine or too few samples left undecided: ${listOf(d.goals)}; the best candidate was written all the same: give more data or a longer --budget`,
  'candidate-failed': (d) => `candidate '${d.candidate}' was left out: ${clause(d.problem)}`,
  'few-samples': (d) =>
    `${count(d.samples, 'sample')} ${d.samples === 1 ? 'is' : 'are'} few to go by; give ${formatWhole(d.wanted)} or more`,
};
