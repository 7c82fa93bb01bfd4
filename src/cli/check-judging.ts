import { UsageError } from '../errors.ts';

/** What is left out on purpose cannot be judged. */
export interface Judging {
  readonly maxDrop?: string;
  readonly verify: boolean;
  readonly bench: boolean;
  readonly data?: string;
}

/** A goal that is measured, by its flag. */
export interface SpeedGoal {
  readonly flag: string;
  readonly isAsked: boolean;
}

/** Refuses goals that nothing would be held against. Throws UsageError. */
export function checkJudging({ maxDrop, verify, bench, data }: Judging, speed: SpeedGoal): void {
  if (maxDrop !== undefined && !verify)
    throw new UsageError('flags-conflict', {
      flag: '--max-drop',
      other: '--no-verify',
      problem: 'nothing is compared',
    });
  if (maxDrop !== undefined && data === undefined)
    throw new UsageError('missing-argument', { flag: '--data', what: 'the samples that --max-drop is judged on' });
  const unmeasured = verify ? (bench ? null : '--no-bench') : '--no-verify';
  if (speed.isAsked && unmeasured !== null)
    throw new UsageError('flags-conflict', { flag: speed.flag, other: unmeasured, problem: 'nothing is measured' });
}
