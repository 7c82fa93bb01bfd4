import { UsageError } from '../errors.ts';
import type { DataType } from '../onnx/data-type.ts';

/** Outputs that carry a state from run to run, beside what the model says. */
const stateNames = /^present|past|cache|state|hidden|^[hc]_?[n01]$/i;
/** What exporters call the output that counts, best first. */
const answerNames = [/^logits$/i, /^(sentence_embedding|embeddings?)$/i, /^(output|probs?|probabilities|scores?)$/i];

interface Choice {
  /** The model's path. */
  readonly model: string;
  readonly outputs: Readonly<Record<string, { readonly type: DataType }>>;
  /** The one the user names. */
  readonly asked: string | null;
  /** Whether something is to be scored: then one output must be it. */
  readonly needed: boolean;
}

/**
 * The output to score: the one asked for, the only one that carries no state, or the one that has a name for it.
 * @returns null when it is not clear and not needed
 * @throws UsageError `unknown-name`, `output-unclear`
 */
export function chooseOutput({ model, outputs, asked, needed }: Choice): string | null {
  const known = Object.keys(outputs);
  if (asked !== null) {
    if (!known.includes(asked)) throw new UsageError('unknown-name', { what: '--output-name', value: asked, known });
    return asked;
  }
  const numeric = known.filter((name) => outputs[name]?.type !== 'string');
  // Whoever scores it says that it is text.
  if (needed && numeric.length === 0) return known[0] ?? null;
  const answers = numeric.filter((name) => !stateNames.test(name));
  const candidates = answers.length > 0 ? answers : numeric;
  const [only, ...others] = candidates;
  if (others.length === 0 && only !== undefined) return only;
  for (const pattern of answerNames) {
    const found = candidates.find((name) => pattern.test(name));
    if (found !== undefined) return found;
  }
  if (needed) throw new UsageError('output-unclear', { model, known });
  return null;
}
