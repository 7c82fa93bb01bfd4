import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { machineText, softwareText } from './environment-text.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { describeFinding } from './messages/message.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes, formatMs, formatNumber, formatPercent, formatWhole } from './units.ts';

/** How a model was quantized and measured, in labeled lines. */
export function quantizeFacts(result: QuantizeResult): readonly Fact[] {
  const { environment } = result;
  return [
    { label: 'Coverage', text: coverageText(result) },
    ...integerFacts(result),
    ...calibrationFacts(result),
    { label: 'Compared', text: comparedText(result) },
    ...speedFacts(result),
    { label: 'Settings', text: settingsText(result) },
    ...dataFacts(result),
    { label: 'Machine', text: machineText(environment) },
    { label: 'Software', text: softwareText(environment) },
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

function comparedText({ evaluation: { source, samples } }: QuantizeResult): string {
  switch (source) {
    case 'data':
      return `with the original on ${count(samples, 'sample')} of the data`;
    case 'synthetic':
      return `with the original on ${count(samples, 'made-up sample')}`;
    case 'none':
      return 'not compared';
  }
}

function speedFacts({ speedup, benchFailure, interrupted }: QuantizeResult): readonly Fact[] {
  if (benchFailure !== null)
    return [{ label: 'Latency', text: `could not be measured: ${describeFinding(benchFailure)}` }];
  if (speedup === null) return [{ label: 'Latency', text: interrupted ? 'not measured: interrupted' : 'not measured' }];
  const { beforeMs, afterMs, pairs, ep, threads } = speedup;
  const times = `p50 ${formatMs(beforeMs.value)} -> ${formatMs(afterMs.value)}`;
  return [
    { label: 'Latency', text: `${times}, ${ep}, ${count(threads, 'thread')}, ${count(pairs, 'pair')} of blocks` },
  ];
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

function dataFacts({ output }: QuantizeResult): readonly Fact[] {
  if (output === null || output.dataPath === null) return [];
  return [{ label: 'Data', text: `${output.dataPath}, ${formatBytes(output.dataBytes)}` }];
}
