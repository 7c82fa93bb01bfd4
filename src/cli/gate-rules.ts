import { budgetMetrics, defaultRule, defaultRules, gateMetrics, measuredMetrics } from '../commands/gate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { GateRule } from '../gate/gate-rule.ts';
import type { GateMetric } from '../gate/gate-vocabulary.ts';
import type { GateScenarioConfig } from './gate-config-schema.ts';
import { figureIn, readBudget, readFloor, readTolerance } from './gate-figure-syntax.ts';
import type { Read } from './gate-figure-syntax.ts';

type RuleConfig = NonNullable<NonNullable<GateScenarioConfig['metrics']>[string]>;

/** What flags say of rules, whatever the config does. */
export interface RuleFlags {
  /** The only metrics to judge; null for the usual ones and the config's. */
  readonly metrics: readonly GateMetric[] | null;
  /** Of everything that is measured. */
  readonly tolerance: number | null;
  readonly budgets: ReadonlyMap<GateMetric, number>;
}

export interface RulesAsked {
  readonly flags: RuleFlags;
  readonly configured: Readonly<Record<string, RuleConfig | undefined>>;
  /** Of everything that is measured, where its rule says nothing else. */
  readonly usualTolerance: number | null;
  readonly instances: number;
  readonly hasQuality: boolean;
}

/** The rules of a scenario, one a metric. Throws UsageError for a metric that nothing could be held against. */
export function readGateRules(asked: RulesAsked): readonly GateRule[] {
  const { flags, configured, hasQuality } = asked;
  const wanted = new Set(flags.metrics ?? usualMetrics(asked));
  for (const metric of flags.budgets.keys()) wanted.add(metric);
  const rules = gateMetrics.filter((metric) => wanted.has(metric)).map((metric) => ruleOf(metric, asked));
  for (const { metric, budget } of rules) {
    const isTail = budgetMetrics.some((tail) => tail === metric);
    if (isTail && budget === null) throw missing('--max-latency', `${metric} is held against, such as p99=20ms`);
    if (metric === 'quality' && !hasQuality) throw missing('--max-drop', 'quality is held against, and --data');
  }
  if (rules.length > 0) return rules;
  const off = Object.keys(configured).join(', ');
  throw new UsageError('bad-value', { flag: '--metric', value: off, expected: 'a gate: every metric of it is off' });
}

function missing(flag: string, what: string): UsageError {
  return new UsageError('missing-argument', { flag, what: `the limit that ${what}` });
}

function usualMetrics({ configured, ...traits }: RulesAsked): readonly GateMetric[] {
  const own = gateMetrics.filter((metric) => configured[metric] !== undefined);
  const usual = defaultRules(traits).map(({ metric }) => metric);
  return [...usual, ...own].filter((metric) => configured[metric]?.severity !== 'off');
}

function ruleOf(metric: GateMetric, { flags, configured, usualTolerance }: RulesAsked): GateRule {
  const usual = defaultRule(metric);
  const config = limitsOf(configured[metric] ?? {});
  const at = (text: string | number, read: (text: string) => Read) =>
    figureIn({ flag: metric, text: String(text) }, read(String(text)));
  const isMeasured = measuredMetrics.some((measured) => measured === metric);
  const configuredTolerance = config.tolerance === undefined ? null : at(config.tolerance, readTolerance);
  const shared = isMeasured ? usualTolerance : null;
  const budget = config.budget === undefined ? null : at(config.budget, (text) => readBudget(metric, text));
  return {
    ...usual,
    tolerance: (isMeasured ? flags.tolerance : null) ?? configuredTolerance ?? shared ?? usual.tolerance,
    floor: config.floor === undefined ? usual.floor : at(config.floor, (text) => readFloor(metric, text)),
    budget: flags.budgets.get(metric) ?? budget,
    severity: config.severity === undefined || config.severity === 'off' ? usual.severity : config.severity,
    note: config.note ?? null,
    waiver: config.waiver === undefined ? null : { ...config.waiver, link: config.waiver.link ?? null },
  };
}

/** Rules of some metrics have no tolerance, floor or budget to say. */
interface Limits extends Omit<RuleConfig, 'tolerance' | 'floor' | 'budget'> {
  readonly tolerance?: string | number | undefined;
  readonly floor?: string | number | undefined;
  readonly budget?: string | number | undefined;
}

function limitsOf(config: Limits): Limits {
  return config;
}
