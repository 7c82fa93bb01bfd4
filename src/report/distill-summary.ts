import type { DistillResult } from '../distill/distill-result.ts';
import { columnsOf } from './columns-of.ts';
import { distillFacts } from './distill-facts.ts';
import { figureColumns } from './distill-figures.ts';
import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';
import { describeFinding } from './messages/message.ts';
import { moreText } from './more-text.ts';
import type { Tone } from './style.ts';
import { formatMs, formatNumber } from './units.ts';
import type { View } from './view.ts';

/** What is said of a trained student, in any format. */
export interface DistillSummary {
  readonly heading: string;
  readonly verdict: { readonly text: string; readonly tone: Tone };
  readonly figures: readonly Column[];
  /** Null when no epoch was finished. */
  readonly epochs: { readonly columns: readonly Column[]; readonly more: string | null } | null;
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

/** Says what came of a training; `details` for every epoch there was. */
export function distillSummary(result: DistillResult, view: View): DistillSummary {
  const { student, output } = result;
  return {
    heading: output === null ? `${student.path}: nothing was written` : `${student.path} -> ${output.path}`,
    verdict: verdictOf(result),
    figures: figureColumns(result),
    epochs: epochGrid(result, view),
    facts: distillFacts(result),
    warnings: result.warnings.map(describeFinding),
  };
}

function verdictOf(result: DistillResult): DistillSummary['verdict'] {
  const { end, better, bestEpoch, epochs, output } = result;
  if (end === 'interrupted') {
    const how = epochs.length === 0 ? '' : ': the same command goes on from there';
    return { text: `interrupted behind epoch ${epochs.length}${how}`, tone: 'warn' };
  }
  const stopped = endTexts[end];
  if (better)
    return {
      text: `better than before: epoch ${bestEpoch ?? 0} of ${epochs.length} is the best on the held-out samples${stopped}`,
      tone: end === 'diverged' ? 'warn' : 'good',
    };
  const written = output === null ? '; --accept-worse writes it all the same' : '; written as --accept-worse says';
  const none = epochs.length === 0 ? `no epoch was finished${stopped}` : `no better than before${stopped}${written}`;
  return { text: none, tone: 'bad' };
}

const endTexts: Readonly<Record<DistillResult['end'], string>> = {
  finished: '',
  'early-stop': ', and training stopped as none after it was better (--patience)',
  diverged: ', and training broke off as the loss was no number any more',
  interrupted: '',
};

type Epoch = DistillResult['epochs'][number];

/** The last epochs and the best one; all of them with `details`. */
function epochGrid({ epochs, bestEpoch, metric }: DistillResult, { top, details }: View): DistillSummary['epochs'] {
  if (epochs.length === 0) return null;
  const shown = details ? epochs : epochs.filter(({ epoch }) => epoch === bestEpoch || epoch > epochs.length - top);
  const columns = columnsOf<Epoch>(shown, [
    ['epoch', 'right', ({ epoch }) => (epoch === bestEpoch ? `best ${epoch}` : String(epoch))],
    ['steps', 'right', ({ steps }) => String(steps), 2],
    ['loss', 'right', ({ trainLoss }) => formatNumber(trainLoss), 1],
    ['held-out loss', 'right', ({ heldOutLoss }) => formatNumber(heldOutLoss)],
    [metric.name, 'right', ({ metric: value }) => value.toFixed(4)],
    ['rate', 'right', ({ learningRate }) => formatNumber(learningRate), 3],
    ['time', 'right', ({ elapsedMs }) => formatMs(elapsedMs), 2],
  ]);
  return { columns, more: moreText({ of: epochs.length, shown: shown.length, noun: 'epoch' }) };
}
