// The words of the domain that the command line reads flags with.
export { cacheHitOf } from '../cost/queue/che.ts';
export { loadOf } from '../cost/arrivals/load-of.ts';
export { parseTrace } from '../data/parse-trace.ts';
export { balancings, hoursPerMonth, purchases } from '../cost/vocabulary.ts';
