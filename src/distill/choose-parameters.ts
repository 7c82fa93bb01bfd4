import { trainableParameters } from '../compute/training/trainable-parameters.ts';
import { UsageError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import { fitsPattern } from './name-pattern.ts';
import { writableNames } from './trained-model.ts';
import type { TrainingEnd } from './training-end.ts';

export interface ChosenParameters {
  /** Names of what may be trained. */
  readonly candidates: readonly string[];
  /** Names of what the user wants to stay. */
  readonly frozen: readonly string[];
  /** Whether the user wants a constant of this name to stay, be it trained or not. */
  isFrozen(name: string): boolean;
}

interface ParameterChoice {
  /** As in the file, which trained weights are written back to. */
  readonly given: Model;
  /** Patterns. */
  readonly freeze: readonly string[];
}

/** Which weights of a student may be trained. Throws UsageError for a pattern that fits none. */
export function chooseParameters({ model }: TrainingEnd, { given, freeze }: ParameterChoice): ChosenParameters {
  const writable = writableNames(given);
  const names = trainableParameters(model).filter((name) => writable.has(name));
  const vain = freeze.find((pattern) => !names.some((name) => fitsPattern(name, pattern)));
  if (vain !== undefined) throw new UsageError('unknown-name', { what: '--freeze', value: vain, known: names });
  const isFrozen = (name: string): boolean => freeze.some((pattern) => fitsPattern(name, pattern));
  return { candidates: names.filter((name) => !isFrozen(name)), frozen: names.filter(isFrozen), isFrozen };
}
