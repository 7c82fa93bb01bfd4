import { basename } from 'node:path';
import type { DistillFindings, DistillResult } from '../distill/distill-result.ts';

/** The entry of a model's metadata that says how its weights were made. */
export function distillNote(
  { settings, losses, matches, data, bestEpoch, epochs, before, after, metric }: DistillFindings,
  { teacher, student, tool }: Pick<DistillResult, 'teacher' | 'student' | 'tool'>,
): { readonly key: string; readonly value: string } {
  const value = {
    tool,
    teacher: named(teacher),
    student: named(student),
    data: { file: basename(data.path), trained: data.trained, heldOut: data.heldOut, labeled: settings.alpha > 0 },
    losses: losses.map(({ output, loss }) => ({ output, loss })),
    matches,
    settings,
    epochs: bestEpoch ?? epochs.length,
    heldOut: { metric: metric.name, before: before.metric.value, after: after?.metric.value ?? null },
  };
  return { key: 'infer.distill', value: JSON.stringify(value) };
}

function named({ path, sha256 }: DistillResult['teacher']) {
  return { file: basename(path), sha256 };
}
