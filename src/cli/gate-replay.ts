import { resolve } from 'node:path';
import type { Command } from 'commander';
import { envelopeOf } from '../commands/envelope.ts';
import { defaultRule, measuredMetrics } from '../commands/gate-vocabulary.ts';
import { readTextFile } from '../commands/read-text-file.ts';
import { replayGate } from '../commands/replay-gate.ts';
import { runReport } from '../commands/report.ts';
import { UsageError } from '../errors.ts';
import type { GateResult } from '../gate/gate-result.ts';
import type { GateRule } from '../gate/gate-rule.ts';
import { optional } from './flag-values.ts';
import { gateExitCode } from './gate-exit-code.ts';
import type { GateFlags } from './gate-options.ts';
import type { RuleFlags } from './gate-rules.ts';
import type { Io } from './io.ts';
import { dayOf, readRuleFlags } from './read-gate-request.ts';
import { doubtPolicies } from './scoring-options.ts';
import { parseName, parseShare } from './value-syntax.ts';
import { version } from './version.ts';

export interface Replaying {
  readonly command: Command;
  readonly io: Io;
  readonly words: readonly string[];
}

/** `infer gate --replay FILE`: what the command line says wins over what was saved; nothing is run. */
export async function replay(flags: GateFlags, { command, io, words }: Replaying) {
  const path = flags.replay ?? '';
  const given = (option: string, text: string) => (command.getOptionValueSource(option) === 'cli' ? text : undefined);
  const limits = readRuleFlags(flags);
  const result = replayGate(await readSavedGate(path, io.cwd), {
    path,
    rules: (_, rules) => otherRules(rules, limits),
    envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
    today: dayOf(io.now()),
    alpha: optional(given('alpha', flags.alpha), (text) => parseShare({ flag: '--alpha', text })),
    onInconclusive: optional(given('onInconclusive', flags.onInconclusive), (text) =>
      parseName({ flag: '--on-inconclusive', text }, doubtPolicies),
    ),
  });
  return { result, exitCode: gateExitCode(result) };
}

/** Throws UsageError for a result of another kind, DataError for a file that is none. */
async function readSavedGate(path: string, cwd: string): Promise<GateResult> {
  const saved = await runReport([path], async (named) => readTextFile(resolve(cwd, named), 'saved gate'));
  if (saved.kind === 'gate') return saved;
  const expected = `the saved result of a gate (it is one of ${saved.kind})`;
  throw new UsageError('bad-value', { flag: '--replay', value: path, expected });
}

/** The limits of the command line in the place of those of the gate. */
function otherRules(rules: readonly GateRule[], { metrics, tolerance, budgets }: RuleFlags): readonly GateRule[] {
  const known = new Set(rules.map(({ metric }) => metric));
  const wanted = [...(metrics ?? []), ...budgets.keys()].filter((metric) => !known.has(metric));
  return [...rules, ...[...new Set(wanted)].map(defaultRule)]
    .filter(({ metric }) => metrics === null || metrics.includes(metric) || budgets.has(metric))
    .map((rule) => ({
      ...rule,
      tolerance: isMeasured(rule) ? (tolerance ?? rule.tolerance) : rule.tolerance,
      budget: budgets.get(rule.metric) ?? rule.budget,
    }));
}

function isMeasured({ metric }: GateRule): boolean {
  return measuredMetrics.some((measured) => measured === metric);
}
