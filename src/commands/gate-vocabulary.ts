// The words of the domain that the command line reads flags with.
export { defaultRule, defaultRules } from '../gate/default-rules.ts';
export { largerIsWorse } from '../gate/gate-rule.ts';
export {
  budgetMetrics,
  comparedMetrics,
  exactMetrics,
  gateMetrics,
  measuredMetrics,
  metricUnits,
  severities,
} from '../gate/gate-vocabulary.ts';
