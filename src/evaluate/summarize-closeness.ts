import { isFloatType } from '../onnx/data-type.ts';
import { meanStatistic } from '../stats/bootstrap.ts';
import type { Random } from '../stats/seeded-random.ts';
import type { ClosenessRecords } from './closeness.ts';
import { estimateOf, finiteOrNull } from './estimate.ts';
import type { OutputCloseness } from './evaluate-result.ts';
import { sqnrInterval } from './judge-sqnr.ts';
import type { SampleScores } from './metrics/metric.ts';
import { intervalOf } from './summarize-metric.ts';

/** An output's closeness with intervals over samples. What only floats have is null for other types. */
export function summarizeCloseness(records: ClosenessRecords, random: Random): OutputCloseness {
  const { output, type, exact } = records;
  const mean = (values: Float64Array | null) =>
    values === null || values.length === 0 ? null : estimateOf(intervalOf(meanScores(values), random));
  const isFloat = isFloatType(type);
  const agreements = agreementScores(records);
  return {
    output,
    type,
    samples: records.errors.length,
    exact,
    sqnrDb: isFloat && !exact ? estimateOf(sqnrInterval(records, random)) : null,
    cosine: isFloat ? mean(records.cosines) : null,
    cosineOverall: isFloat ? finiteOrNull(records.cosineOverall) : null,
    maxAbs: finiteOrNull(records.maxAbs),
    maxRel: finiteOrNull(records.maxRel),
    argmaxAgreement: agreements === null ? null : estimateOf(intervalOf(agreements, random)),
    kl: mean(records.divergences),
    equalElements: isFloat ? null : mean(records.equals),
  };
}

/** How far the classes agree, as what `judgeDrop` takes: a yes or no a sample where it has one class. */
export function agreementScores({ agreements, positions }: ClosenessRecords): SampleScores | null {
  if (agreements === null) return null;
  return positions === 1
    ? { kind: 'proportion', hits: Uint8Array.from(agreements) }
    : { ...meanScores(agreements), ofAnswers: true };
}

function meanScores(values: Float64Array): Extract<SampleScores, { kind: 'corpus' }> {
  return { kind: 'corpus', size: values.length, statistic: meanStatistic(values) };
}
