import { InferError } from '../errors.ts';
import { describeError } from '../report/messages/message.ts';

interface Choice {
  readonly value: string;
  readonly name: string;
}

/** Ways to ask, so that a test can answer. */
export interface InitPrompts {
  /** At least one of several. */
  readonly pick: (message: string, choices: readonly Choice[]) => Promise<readonly string[]>;
  readonly text: (question: TextQuestion) => Promise<string>;
  readonly confirm: (message: string, usual: boolean) => Promise<boolean>;
}

export interface TextQuestion {
  readonly message: string;
  readonly usual: string;
  /** Throws InferError for an answer that is none. */
  readonly check: (answer: string) => unknown;
}

/** Asks on the terminal. */
export async function terminalPrompts(): Promise<InitPrompts> {
  const { checkbox, confirm, input } = await import('@inquirer/prompts');
  return {
    pick: (message, choices) =>
      checkbox({ message, required: true, choices: choices.map((choice) => ({ ...choice, checked: true })) }),
    text: ({ message, usual, check }) =>
      input({ message, default: usual, validate: (answer) => problemOf(answer.trim(), check) }).then((answer) =>
        answer.trim(),
      ),
    confirm: (message, usual) => confirm({ message, default: usual }),
  };
}

/** True for a good answer, else the sentence. */
function problemOf(answer: string, check: TextQuestion['check']): true | string {
  try {
    check(answer);
    return true;
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
}
