import type { BrowserUse } from '../bench/bench-result.ts';
import { pointName } from './bench-factors.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { formatBytes } from './units.ts';

/** In which browser points ran, and on which adapter; points alike are told once. */
export function browserFacts(rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const inBrowser = rows.flatMap((row) =>
    row.point.browser === undefined ? [] : [{ row, text: textOf(row.point.browser) }],
  );
  const texts = [...new Set(inBrowser.map(({ text }) => text))];
  return texts.map((text) => {
    const own = inBrowser.filter((entry) => entry.text === text);
    const eps = new Set(own.map(({ row }) => row.point.ep));
    const [only] = own;
    const name =
      own.length === 1 && only !== undefined && texts.length > 1 ? pointName(only.row, factors) : [...eps].join(', ');
    return { label: 'Browser', text: name === '' ? text : `${name}: ${text}` };
  });
}

function textOf({ browser, onnxruntimeWeb, isIsolated, adapter }: BrowserUse): string {
  return [
    `${browser} with onnxruntime-web ${onnxruntimeWeb}`,
    ...(adapter === null ? [] : adapterTexts(adapter)),
    ...(isIsolated ? [] : ['not cross-origin isolated, which leaves a clock of 0.1 ms and one thread']),
  ].join(', ');
}

function adapterTexts(adapter: NonNullable<BrowserUse['adapter']>): readonly string[] {
  const { vendor, architecture, description, device, isFallback, features, limits } = adapter;
  const words = [vendor, architecture, description === '' ? device : description].filter((word) => word !== '');
  const bufferBytes = limits['maxStorageBufferBindingSize'];
  return [
    `adapter ${words.length === 0 ? 'without a name' : words.join(' ')}${isFallback ? ' (software)' : ''}`,
    `${features.includes('shader-f16') ? 'with' : 'without'} shader-f16`,
    ...(bufferBytes === undefined ? [] : [`buffers of ${formatBytes(bufferBytes)} at most`]),
    'times include the copies of inputs and outputs',
  ];
}
