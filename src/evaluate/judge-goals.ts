import { createRandom } from '../stats/seeded-random.ts';
import type { ClosenessRecords } from './closeness.ts';
import type { DropLimit } from './drop-limit.ts';
import type { Drop, SqnrGoal } from './evaluate-result.ts';
import type { Collected } from './evaluation.ts';
import { type DropEvidence, judgeDrop } from './judge-drop.ts';
import { judgeSqnr } from './judge-sqnr.ts';
import { agreementScores } from './summarize-closeness.ts';

/** The primary metric's drop, or without labels that of the scored output's closeness. Null without a reference. */
export function judgeAgainstReference(collected: Collected, limit: DropLimit, seed: number): Drop | null {
  const evidence = evidenceOf(collected);
  return evidence === null ? null : judgeDrop({ limit, evidence, random: createRandom(seed, 'drop') });
}

function evidenceOf({ task, metrics, referenceMetrics, closeness }: Collected): DropEvidence | null {
  const [head] = metrics;
  const [base] = referenceMetrics ?? [];
  if (head !== undefined && base !== undefined) return { kind: 'metric', base, head };
  const scored = closeness.filter(({ output }) => task.output === null || output === task.output);
  const [first] = scored;
  if (first === undefined) return null;
  const agreements = isClassifier(task.name) ? agreementScores(first) : null;
  return agreements === null ? { kind: 'error', ...together(scored) } : { kind: 'agreement', agreements };
}

function isClassifier(task: Collected['task']['name']): boolean {
  return task === 'classification' || task === 'binary' || task === 'ctc' || task === 'language-model';
}

/** Several outputs as one long vector a sample. */
function together(records: readonly ClosenessRecords[]) {
  const size = Math.min(...records.map(({ errors }) => errors.length));
  const sum = (field: 'errors' | 'references') =>
    new Float64Array(size).map((_, i) => records.reduce((total, record) => total + (record[field][i] ?? 0), 0));
  return { errors: sum('errors'), references: sum('references') };
}

/** The output that is farthest from its reference decides. Null where nothing was compared. */
export function judgeCloseness(collected: Collected, minDb: number, seed: number): SqnrGoal | null {
  const judged = collected.closeness
    .filter(({ type, errors }) => /float/.test(type) && errors.length > 0)
    .map((records) => judgeSqnr(minDb, records, createRandom(seed, 'sqnr', records.output)));
  return judged.toSorted((a, b) => decibelsOf(a) - decibelsOf(b))[0] ?? null;
}

function decibelsOf({ sqnrDb, exact }: SqnrGoal): number {
  return sqnrDb?.value ?? (exact ? Infinity : -Infinity);
}
