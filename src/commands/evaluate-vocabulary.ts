// The words of the domain that the command line reads flags with.
export { pairUses } from '../data/dataset-options.ts';
export { parsePreprocess } from '../data/parse-preprocess.ts';
export { parseDropLimit } from '../evaluate/drop-limit.ts';
export { vocabularyLines } from '../evaluate/metrics/ctc-greedy.ts';
export { metricNames } from '../evaluate/metrics/metric.ts';
export { taskNames } from '../evaluate/task.ts';
