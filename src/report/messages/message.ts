import type { Finding, InferError } from '../../errors.ts';
import { benchWarningMessages, skipMessages } from './bench-messages.ts';
import { distillWarningMessages } from './distill-messages.ts';
import { doctorMessages } from './doctor-messages.ts';
import { errorMessages } from './error-messages.ts';
import { evaluateWarningMessages } from './evaluate-messages.ts';
import { optimizeMessages } from './optimize-messages.ts';
import { inspectWarningMessages } from './inspect-messages.ts';
import { profileWarningMessages } from './profile-messages.ts';
import { pruneWarningMessages } from './prune-messages.ts';
import { quantizeWarningMessages } from './quantize-messages.ts';
import { shortName } from '../short-name.ts';
import { clause } from './phrases.ts';
import { sentenceFrom } from './sentence-from.ts';

const records: readonly object[] = [
  errorMessages,
  benchWarningMessages,
  skipMessages,
  distillWarningMessages,
  doctorMessages,
  evaluateWarningMessages,
  inspectWarningMessages,
  optimizeMessages,
  profileWarningMessages,
  pruneWarningMessages,
  quantizeWarningMessages,
];

/** Room for the longest path beside the rest of a sentence; a hostile model's names have megabytes. */
const longestSentence = 8192;

/**
 * The sentence of a finding; its code and details as they are when another version of infer wrote it. Names out of a
 * model cannot control the terminal.
 */
export function describeFinding(finding: Finding): string {
  return shortName(sentenceOf(finding), longestSentence);
}

function sentenceOf(finding: Finding): string {
  for (const record of records) {
    const sentence = sentenceFrom(record, finding);
    if (sentence !== null) return sentence;
  }
  return `${finding.code} ${JSON.stringify(finding.details)}`;
}

/** What went wrong and what to do, for a person. */
export function describeError(error: InferError): string {
  const sentence = describeFinding(error.finding);
  return error.hint === undefined ? sentence : `${sentence}; ${clause(error.hint)}`;
}
