import type { PruneResult } from '../prune/prune-result.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { comparisonFacts, placeFacts } from './judged-facts.ts';
import { shortName } from './short-name.ts';
import { count, formatMs, formatNumber, formatPercent, formatWhole } from './units.ts';

/** How a model was pruned and measured, in labeled lines. */
export function pruneFacts(result: PruneResult): readonly Fact[] {
  return [
    ...coverageFacts(result),
    ...repairFacts(result),
    ...selfCheckFacts(result),
    ...comparisonFacts(result),
    { label: 'Settings', text: settingsText(result) },
    ...placeFacts(result),
  ];
}

function coverageFacts({ groups, unlockedMacs }: PruneResult): readonly Fact[] {
  if (groups.length === 0) return [];
  const free = groups.filter(({ locks }) => locks.length === 0).length;
  const macs =
    unlockedMacs === null
      ? ''
      : `${formatPercent(unlockedMacs)} of the MACs of Conv, Gemm and MatMul lie in layers that can lose inputs or outputs; `;
  return [{ label: 'Coverage', text: `${macs}${formatWhole(free)} of ${count(groups.length, 'group')} can be pruned` }];
}

function repairFacts({ repairs }: PruneResult): readonly Fact[] {
  if (repairs.length === 0) return [];
  const texts = grouped(repairs, ({ how }) => how).map(
    ({ key, members }) => `${count(members.length, 'layer')} ${repairTexts[key] ?? key}`,
  );
  return [{ label: 'Refitted', text: texts.join(', ') }];
}

const repairTexts: Readonly<Record<string, string>> = {
  reconstructed: 'by least squares',
  matched: 'in mean and deviation',
  kept: 'kept as before, for nothing was closer',
};

function selfCheckFacts({ maskError }: PruneResult): readonly Fact[] {
  if (maskError === null) return [];
  return [{ label: 'Self-check', text: `removing and masking differ by ${formatNumber(maskError)} of the outputs` }];
}

type Settings = PruneResult['settings'];

function settingsText({ settings, elapsedMs }: PruneResult): string {
  const { exclude, dims, samples, seed } = settings;
  return [
    ...kindTexts[settings.kind](settings),
    ...(settings.distillEpochs === null ? [] : [`distilled for ${count(settings.distillEpochs, 'epoch')}`]),
    ...(exclude.length === 0 ? [] : [`without ${exclude.map((pattern) => `'${shortName(pattern)}'`).join(', ')}`]),
    ...Object.entries(dims).map(([name, length]) => `${shortName(name)}=${length}`),
    ...(samples === null ? [] : [`${count(samples, 'sample')} chosen`]),
    `seed ${seed}; ${formatMs(elapsedMs)} in all`,
  ].join(', ');
}

const zeros = ({ sparsity, sparsityScore }: Settings) => [`sparsity ${sparsity ?? ''}`, `score ${sparsityScore}`];

const kindTexts: Readonly<Record<Settings['kind'], (settings: Settings) => readonly string[]>> = {
  structured: (settings) => [
    ...shareTexts(settings),
    `score ${settings.score}`,
    `widths of convolutions in steps of ${settings.roundTo}`,
    ...(settings.reconstruct ? [] : ['nothing refitted']),
    ...(settings.steps === 1 ? [] : [`${formatWhole(settings.steps)} rounds`]),
  ],
  depth: ({ layers, reconstruct }) => [
    count(layers ?? 0, 'residual block'),
    ...(reconstruct ? [] : ['nothing refitted']),
  ],
  sparsity: zeros,
  pattern: zeros,
};

function shareTexts({ channels, heads, width, global }: Settings): readonly string[] {
  const shares = [
    ['channels', channels],
    ['heads', heads],
    ['width', width],
  ] as const;
  const texts = shares.flatMap(([name, share]) => (share === null ? [] : [`${name} ${formatPercent(share)}`]));
  return [...(texts.length === 0 ? ['searched for'] : texts), ...(global ? ['from all groups together'] : [])];
}
