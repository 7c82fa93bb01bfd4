import type { PruneResult } from '../prune/prune-result.ts';
import type { Estimate } from '../result/envelope.ts';
import { speedupVerdict } from './bench-rows.ts';
import { qualityText, ratioText, sizeText } from './judged-texts.ts';
import { sizeOnlyText } from './messages/prune-messages.ts';
import { count, formatMagnitude, formatPercent, formatWhole } from './units.ts';

/** What was done, and what it brought: `6 of 12 heads removed in 2 of 5 groups; speed-up …, 1.43 MiB -> …, MACs …, drop …` */
export function pruneHeadline(result: PruneResult): string {
  const done = doneText(result);
  const quality = qualityText(result.evaluation);
  // Zeros change neither the file nor the speed.
  if (isSizeOnly(result)) return `${done}; ${[...downloadTexts(result), quality].join(', ')}; ${sizeOnlyText}`;
  const figures = [...speedTexts(result), fileText(result), ...macsTexts(result), quality];
  return `${done}; ${figures.join(', ')}`;
}

/** Weights set to 0, where nothing is taken out. */
export function isSizeOnly({ settings: { kind } }: PruneResult): boolean {
  return kind === 'sparsity' || kind === 'pattern';
}

function doneText(result: PruneResult): string {
  switch (result.settings.kind) {
    case 'structured':
      return unitsText(result);
    case 'depth':
      return blocksText(result);
    case 'sparsity':
    case 'pattern':
      return zerosText(result);
  }
}

/** `192 of 384 channels and 6 of 12 heads removed in 4 of 6 groups` */
function unitsText({ groups }: PruneResult): string {
  const pruned = groups.filter(({ unitsBefore, unitsAfter }) => unitsAfter < unitsBefore);
  if (pruned.length === 0) return 'nothing removed';
  const kinds = [...new Set(pruned.map(({ kind }) => kind))];
  const texts = kinds.map((kind) => {
    const own = pruned.filter((group) => group.kind === kind);
    const before = own.reduce((sum, { unitsBefore }) => sum + unitsBefore, 0);
    const after = own.reduce((sum, { unitsAfter }) => sum + unitsAfter, 0);
    return `${formatWhole(before - after)} of ${formatWhole(before)} ${unitNames[kind]}`;
  });
  return `${joined(texts)} removed in ${formatWhole(pruned.length)} of ${count(groups.length, 'group')}`;
}

/** `a, b and c` */
function joined(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`;
}

const unitNames: Readonly<Record<PruneResult['groups'][number]['kind'], string>> = {
  channels: 'channels',
  neurons: 'neurons',
  heads: 'heads',
  width: 'columns of residual streams',
};

function blocksText({ blocks }: PruneResult): string {
  const removed = blocks.filter((block) => block.removed).length;
  return removed === 0
    ? 'nothing removed'
    : `${formatWhole(removed)} of ${count(blocks.length, 'residual block')} dropped`;
}

/** `80 % of 459,000 weights set to 0 in 5 layers` */
function zerosText({ sparseLayers, settings: { kind, sparsity } }: PruneResult): string {
  const weights = sparseLayers.reduce((sum, layer) => sum + layer.weights, 0);
  if (weights === 0) return 'nothing set to 0';
  const zeros = sparseLayers.reduce((sum, layer) => sum + layer.weights * layer.zeros, 0);
  const pattern = kind === 'pattern' ? `, in the pattern ${sparsity ?? ''}` : '';
  return `${formatPercent(zeros / weights)} of ${formatWhole(weights)} weights are 0 in ${count(sparseLayers.length, 'layer')}${pattern}`;
}

function speedTexts({ speedup }: PruneResult): readonly string[] {
  return speedup === null ? [] : [speedText(speedup.ratio)];
}

/** Says it plainly where nothing was gained. */
export function speedText(ratio: Estimate): string {
  const text = `speed-up ${ratioText(ratio)}`;
  switch (speedupVerdict({ speedup: ratio })) {
    case 'faster':
      return `${text} (faster)`;
    case 'slower':
      return `SLOWER than before: ${text}`;
    case 'undecided':
      return ratio.low === null
        ? `NOT SHOWN TO BE FASTER: ${text}, measured too seldom for an interval`
        : `NOT FASTER by more than the interval: ${text}`;
  }
}

/** `1.43 MiB -> 391 KiB (27 %)` */
export function fileText({ before, after }: PruneResult): string {
  return sizeText({ beforeBytes: before.sizeBytes, afterBytes: after.sizeBytes });
}

/** `MACs 5.94 M -> 1.60 M (27 %)`; nothing where they are not known. */
export function macsTexts({ before, after }: PruneResult): readonly string[] {
  if (before.macs === null || after.macs === null) return [];
  const share = before.macs === 0 ? '' : ` (${formatPercent(after.macs / before.macs)})`;
  return [`MACs ${formatMagnitude(before.macs)} -> ${formatMagnitude(after.macs)}${share}`];
}

/** `gzip 1.34 MiB -> 402 KiB (29 %)`, and the same of zstd; nothing where nobody compressed. */
export function downloadTexts({ before, after }: PruneResult): readonly string[] {
  const packed = [
    ['gzip', before.gzipBytes, after.gzipBytes],
    ['zstd', before.zstdBytes, after.zstdBytes],
  ] as const;
  return packed.flatMap(([name, beforeBytes, afterBytes]) =>
    beforeBytes === null || afterBytes === null ? [] : [`${name} ${sizeText({ beforeBytes, afterBytes })}`],
  );
}
