import type { ErrorDetails } from '../../errors.ts';
import { dataMessages } from './data-messages.ts';
import { modelMessages } from './model-messages.ts';
import { runtimeMessages } from './runtime-messages.ts';
import type { Sentences } from './sentences.ts';
import { usageMessages } from './usage-messages.ts';

/** The sentence of every error. */
export const errorMessages: Sentences<ErrorDetails> = {
  ...usageMessages,
  ...modelMessages,
  ...dataMessages,
  ...runtimeMessages,
};
