import { UsageError } from '../errors.ts';
import type { GateFlags } from './gate-options.ts';

const flagTexts = {
  base: '--base',
  head: '--head',
  scenario: '--scenario',
  data: '--data',
  maxDrop: '--max-drop',
  baseline: '--baseline',
  updateBaseline: '--update-baseline',
  calibrate: '--calibrate',
  resume: '--resume',
} as const;

/** Refuses flags that make no sense together. `isGiven` says whether one was on the command line itself. Throws UsageError. */
export function checkGateConflicts(flags: GateFlags, isGiven: (option: string) => boolean): void {
  const refuse = (options: readonly (keyof typeof flagTexts)[], other: string, problem: string) => {
    const option = options.find(isGiven);
    if (option !== undefined) throw new UsageError('flags-conflict', { flag: flagTexts[option], other, problem });
  };
  if (flags.replay !== undefined)
    refuse(Object.keys(flagTexts).filter(isOption), '--replay', 'what was saved is judged again, and nothing is run');
  if (flags.calibrate === true) refuse(['updateBaseline', 'resume'], '--calibrate', 'it judges nothing');
}

function isOption(name: string): name is keyof typeof flagTexts {
  return Object.hasOwn(flagTexts, name);
}
