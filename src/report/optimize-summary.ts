import type { OptimizeResult, Verification } from '../optimize/optimize-result.ts';
import { speedupVerdict } from './bench-rows.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';
import { describeFinding } from './messages/message.ts';
import { figureColumns } from './optimize-figures.ts';
import { count, formatBytes, formatNumber, formatRatio } from './units.ts';

/** What is said of an optimized model, in any format. */
export interface OptimizeSummary {
  readonly heading: string;
  readonly figures: readonly Column[];
  /** Null when no pass changed anything. */
  readonly passes: readonly Column[] | null;
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

/** Says what was done; `details` for every operator there is. */
export function optimizeSummary(result: OptimizeResult, { details }: { readonly details: boolean }): OptimizeSummary {
  const { model, output } = result;
  return {
    heading: output === null ? `${model.path}: nothing was written` : `${model.path} -> ${output.path}`,
    figures: figureColumns(result, details),
    passes: passColumns(result),
    facts: [
      { label: 'Outputs', text: verificationText(result.verification) },
      ...dimsFacts(result),
      ...speedupFacts(result),
      ...dataFacts(result),
    ],
    warnings: result.warnings.map(describeFinding),
  };
}

function passColumns({ passes }: OptimizeResult): readonly Column[] | null {
  const fired = passes.filter(({ changes }) => changes > 0);
  if (fired.length === 0) return null;
  return [
    { header: ['pass'], align: 'left', dropOrder: 0, cells: fired.map(({ pass }) => ({ text: pass })) },
    {
      header: ['rounds it', 'changed'],
      align: 'right',
      dropOrder: 1,
      cells: fired.map(({ changes }) => ({ text: String(changes) })),
    },
    {
      header: ['nodes', 'removed'],
      align: 'right',
      dropOrder: 0,
      cells: fired.map(({ nodesRemoved }) => ({ text: String(nodesRemoved) })),
    },
  ];
}

type Compared = Exclude<Verification, { status: 'skipped' }>;

function verificationText(verification: Verification): string {
  if (verification.status === 'skipped') return 'not compared (--no-verify)';
  const { outputs, failure } = verification;
  if (failure !== null) return `the optimized model does not run: ${describeFinding(failure)}`;
  const on = inputsText(verification);
  const wrong = outputs.filter(({ matches }) => !matches);
  if (wrong.length > 0)
    return `DIFFERENT on ${on}: ${wrong.map(wrongText).join(', ')}; allowed is ${limitText(verification)}`;
  const told = outputs.filter(({ random }) => !random);
  const largest = Math.max(0, ...told.map(({ maxAbs }) => maxAbs ?? 0));
  const random = outputs.filter((output) => output.random).map(({ name }) => `'${name}'`);
  const but = random.length === 0 ? '' : `, but for ${random.join(', ')}, which the original makes at random`;
  return `equal on ${on}${but}; largest difference ${formatNumber(largest)}`;
}

/** `3 synthetic sets of inputs (seed 0)`, `5 sets of inputs from a.npz and 3 synthetic (seed 0)` */
function inputsText({ inputs, fromData, data, seed, batched }: Compared): string {
  const synthetic = inputs - fromData;
  const made = fromData === 0 ? `${count(synthetic, 'synthetic set')} of inputs` : `${synthetic} synthetic`;
  const parts = [
    ...(fromData === 0 ? [] : [`${count(fromData, 'set')} of inputs from ${data ?? ''}`]),
    ...(synthetic === 0 ? [] : [`${made} (seed ${seed})`]),
  ];
  return `${parts.join(' and ')}${batched ? ', two of them as one batch too' : ''}`;
}

function wrongText({ name, maxAbs, mismatches }: Compared['outputs'][number]): string {
  const size = maxAbs === null ? 'beyond measure (NaN, another shape or type)' : `by up to ${formatNumber(maxAbs)}`;
  return `${count(mismatches, 'element')} of '${name}' ${size}`;
}

/** As `rewriteTolerance` is meant. */
function limitText({ tolerance }: Compared): string {
  return `${tolerance.relative} of the element plus ${tolerance.absolute} of the output's largest`;
}

function dimsFacts({ dims, verification }: OptimizeResult): readonly Fact[] {
  const text = Object.entries(dims)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const use = verification.status === 'skipped' ? 'for the MACs' : 'for the MACs and the comparison';
  return text === '' ? [] : [{ label: 'Dimensions', text: `${text} (${use})` }];
}

function speedupFacts({ speedup, benchFailure, interrupted, environment }: OptimizeResult): readonly Fact[] {
  if (benchFailure !== null)
    return [{ label: 'Speedup', text: `could not be measured: ${describeFinding(benchFailure)}` }];
  if (speedup === null) return interrupted ? [{ label: 'Speedup', text: 'not measured: interrupted' }] : [];
  const { ratio, pairs, ep, threads } = speedup;
  const { low, high } = ratio;
  const interval = low === null || high === null ? '' : ` [${formatRatio(low)}, ${formatRatio(high)}]`;
  const conditions = `${ep}, ${count(threads, 'thread')}, ${count(pairs, 'pair')} of blocks`;
  const text = `${formatRatio(ratio.value)}${interval} ${speedupVerdict({ speedup: ratio })}, ${conditions}`;
  return [
    { label: 'Speedup', text: interrupted ? `${text} (interrupted)` : text },
    { label: 'Machine', text: machineText(environment) },
    { label: 'Software', text: softwareText(environment) },
  ];
}

function dataFacts({ output }: OptimizeResult): readonly Fact[] {
  if (output === null || output.dataPath === null) return [];
  return [{ label: 'Data', text: `${output.dataPath}, ${formatBytes(output.dataBytes)}` }];
}
