import type { Finding } from '../../errors.ts';
import type { GateCell, GateScenarioResult } from '../../gate/gate-result.ts';
import type { GateWarningDetails } from '../../gate/gate-warning.ts';
import { reasonFigures } from '../gate-figures.ts';
import { shortName } from '../short-name.ts';
import { count, formatMs, formatNumber, formatWhole } from '../units.ts';
import { changeOf, gateReasons, limitOf } from './gate-reasons.ts';
import { describeFinding } from './message.ts';
import { clause, listOf } from './phrases.ts';
import { sentenceFrom } from './sentence-from.ts';
import type { Sentences } from './sentences.ts';

/** Several codes are another command's too and have other details there: `describeGateWarning` finds these. */
const gateWarningMessages: Sentences<GateWarningDetails> = {
  'waiver-expired': (d) =>
    `the waiver of ${d.metric} of '${d.scenario}' (${clause(d.reason)}) ended on ${d.until}: the cell counts again${d.link === null ? '' : `; ${d.link}`}`,
  'same-model': (d) => `'${d.scenario}': base and head are the same file, byte for byte`,
  'model-uncommitted': (d) =>
    `'${d.scenario}': the ${d.side}, ${d.path}, is not as it is committed; nobody else can run this gate again`,
  'noisy-machine': (d) =>
    `other programs or a throttled processor disturbed ${formatWhole(d.dirtyBlocks)} of ${count(d.blocks, 'block')} (${listOf(d.rules)}); the verdict allows for it, and more pairs would be needed to see small changes`,
  'budget-too-short': (d) =>
    `'${d.scenario}': no change of its ${count(d.cells, 'measured cell')} can be proved with the ${count(d.pairs, 'pair')} that fit the budget; it takes ${formatWhole(d.needed)}: give --budget ${formatMs(d.neededMs)} or more, or fewer metrics`,
  'coarse-gate': (d) =>
    `${d.metric} of '${d.scenario}': the plan finds changes from ${changeOf(1 + d.detectable)} on 4 times in 5, though ${limitOf(1 + d.tolerance)} is the tolerance; a longer --budget finds smaller ones`,
  'threads-over-cores': (d) =>
    `'${d.scenario}': ${count(d.instances, 'instance')} with ${count(d.threads, 'thread')} each want more than the ${count(d.cores, 'core')} there are`,
  'dimension-guessed': (d) => `'${d.scenario}': dimension '${d.dimension}' was taken as ${d.value}; set it with --dim`,
  'inputs-guessed': (d) =>
    `'${d.scenario}': input '${d.input}' was made up as ${d.values}; give real values with --data`,
  resumed: (d) => `continued with the ${count(d.blocks, 'block')} of ${d.path}`,
  'other-machine': (d) =>
    `'${d.scenario}': the base comes from another machine or other versions: exact figures are compared, timings are not`,
  'baseline-updated': (d) =>
    `${d.path} was written anew with ${count(d.metrics, 'figure')}, because of: ${clause(d.reason)}`,
  'baseline-kept': (d) =>
    `${d.path} stays as it is, for ${d.because === 'interrupted' ? 'the gate was interrupted' : 'a scenario could not be measured'}`,
  'baseline-drifted': (d) =>
    `${d.metric} of '${d.scenario}' has drifted from ${formatNumber(d.accepted)}, the level that was accepted last, to ${formatNumber(d.now)}; look at what came in between, or accept it with --update-baseline`,
  'base-of-one-run': (d) =>
    `'${d.scenario}': the base is one saved run of ${count(d.blocks, 'block')}, which does not tell how far runs differ from each other; a stored baseline of several runs does`,
};

/** The sentence of a gate's warning. Names cannot control the terminal. */
export function describeGateWarning(warning: Finding): string {
  const sentence = sentenceFrom(gateWarningMessages, warning);
  return sentence === null ? describeFinding(warning) : shortName(sentence, longestSentence);
}

/** Why a cell has its verdict; what another version of infer wrote as it is. Names cannot control the terminal. */
export function describeReason(cell: GateCell, scenario: GateScenarioResult | undefined): string {
  const { reason } = cell;
  const write = reasonFigures(cell, scenario?.quality ?? null);
  const sentence = sentenceFrom(gateReasons, reason, write) ?? `${reason.code} ${JSON.stringify(reason.details)}`;
  return shortName(`${sentence}${failureText(cell, scenario)}`, longestSentence);
}

/** A model that does not run has told why, once for all cells of its scenario. */
function failureText({ reason }: GateCell, scenario: GateScenarioResult | undefined): string {
  if (reason.code !== 'head-failed' && reason.code !== 'base-failed') return '';
  return scenario?.failure == null ? '' : `: ${describeFinding(scenario.failure)}`;
}

const longestSentence = 2048;
