import type { ProfileEvent } from '../profile/profile-event.ts';
import type { Io } from './io.ts';
import { startSpinner } from './spinner.ts';

interface ProfileProgress {
  readonly onEvent: (event: ProfileEvent) => void;
  readonly stop: () => void;
}

/** Draws a running `infer profile` on a terminal. */
export async function profileProgress(io: Io, quiet: boolean): Promise<ProfileProgress> {
  const spinner = quiet ? null : await startSpinner(io, 'reading the model');
  return {
    onEvent: (event) => spinner?.say(describeProfileEvent(event)),
    stop: () => spinner?.stop(),
  };
}

/** What is going on, in a line. */
export function describeProfileEvent(event: ProfileEvent): string {
  switch (event.kind) {
    case 'probing':
      return `trying ${event.model} on ${event.ep}`;
    case 'optimizing':
      return `asking the runtime what it makes of ${event.model}`;
    case 'block': {
      const of = event.subject === 0 ? '' : ', what it is compared with';
      return `round ${event.round + 1} of ${event.rounds}: ${event.profiled ? 'profiled' : 'plain'} runs${of}`;
    }
    case 'roofs':
      return `measuring what ${event.ep} reaches at best with ${event.threads === 1 ? '1 thread' : `${event.threads} threads`}`;
  }
}
