import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { comparisonFacts, placeFacts } from './judged-facts.ts';
import { shortName } from './short-name.ts';
import { count, formatMs, formatNumber, formatPercent, formatWhole } from './units.ts';

/** How a model was quantized and measured, in labeled lines. */
export function quantizeFacts(result: QuantizeResult): readonly Fact[] {
  return [
    { label: 'Coverage', text: coverageText(result) },
    ...integerFacts(result),
    ...calibrationFacts(result),
    ...comparisonFacts(result),
    { label: 'Settings', text: settingsText(result) },
    ...placeFacts(result),
  ];
}

function coverageText({ coverage: { macs, parameters }, nodes }: QuantizeResult): string {
  const done = nodes.filter(({ treatment }) => treatment !== 'float');
  const treatments = grouped(done, ({ treatment }) => treatment).map(
    ({ key, members }) => `${key} ${formatWhole(members.length)}`,
  );
  const how = treatments.length === 0 ? '' : ` (${treatments.join(', ')})`;
  const shares = `${macs === null ? '' : `${formatPercent(macs)} of the MACs and `}${formatPercent(parameters)} of the parameters`;
  return `${shares} that can be quantized; ${formatWhole(done.length)} of ${count(nodes.length, 'node')}${how}`;
}

function integerFacts({ nodes }: QuantizeResult): readonly Fact[] {
  const known = nodes.filter(({ fused }) => fused !== null);
  if (known.length === 0) return [];
  const fused = known.filter((node) => node.fused === true).length;
  const text = `${formatWhole(fused)} of ${count(known.length, 'quantized node')} compute with integers once loaded`;
  return [{ label: 'Fused', text }];
}

function calibrationFacts({ calibration }: QuantizeResult): readonly Fact[] {
  if (calibration === null) return [];
  const { source, path, samples, values, method, ep, fallbackNodes, elapsedMs } = calibration;
  const from = {
    data: `${count(samples, 'sample')} of ${path ?? 'the data'}`,
    synthetic: `${count(samples, 'made-up sample')}`,
    cache: `the cache ${path ?? ''}, of ${count(samples, 'sample')}`,
  }[source];
  const fallback = fallbackNodes === null ? '' : ` (${count(fallbackNodes, 'node')} on the CPU)`;
  const ranges = `ranges of ${count(values, 'value')} (${method})`;
  return [{ label: 'Calibration', text: `${from}: ${ranges}, ${ep}${fallback}, ${formatMs(elapsedMs)}` }];
}

type Settings = QuantizeResult['settings'];

function settingsText({ settings, elapsedMs }: QuantizeResult): string {
  const { scheme, target, exclude, dims, samples, seed } = settings;
  return [
    scheme,
    ...schemeTexts[scheme](settings),
    `target ${target}`,
    ...(exclude.length === 0 ? [] : [`without ${exclude.map((pattern) => `'${shortName(pattern)}'`).join(', ')}`]),
    ...Object.entries(dims).map(([name, length]) => `${shortName(name)}=${length}`),
    ...(samples === null ? [] : [`${count(samples, 'sample')} chosen`]),
    `seed ${seed}; ${formatMs(elapsedMs)} in all`,
  ].join(', ');
}

const channels = ({ perChannel }: Settings) => (perChannel ? 'a scale for each channel' : 'a scale for each tensor');
const blocks = ({ blockSize, symmetric, algorithm }: Settings) => [
  `blocks of ${blockSize}${symmetric ? ' without zero points' : ''}`,
  algorithm,
];

const schemeTexts: Readonly<Record<Settings['scheme'], (settings: Settings) => readonly string[]>> = {
  int8: (settings) => [
    `method ${settings.method}`,
    channels(settings),
    `activations ${settings.activations}`,
    ...(settings.reduceRange ? ['weights of 7 bits'] : []),
    ...(settings.smooth === null ? [] : [`smooth ${formatNumber(settings.smooth)}`]),
  ],
  'int8-weights': (settings) => [channels(settings)],
  int4: blocks,
  'int4-fp16': blocks,
  fp16: () => [],
};
