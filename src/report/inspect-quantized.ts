import type { InspectResult } from '../inspect/inspect-result.ts';
import type { Fact } from './fact.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';

/** The metadata that `infer quantize` leaves in what it writes. */
export const quantizedKey = 'infer.quantize';

const longestText = 300;

/**
 * How a model was quantized, as its metadata say. Empty where they do not, or say it in a way that is not known here:
 * then they are shown as they are, among the others.
 */
export function quantizedSection({ model }: InspectResult): Section {
  const facts = factsOf(model.metadata.find(({ key }) => key === quantizedKey)?.value ?? '');
  return { title: 'Quantized by infer', blocks: facts.length === 0 ? [] : [{ kind: 'facts', facts }] };
}

function factsOf(text: string): readonly Fact[] {
  const made = parsed(text);
  const options = inside(made, 'options');
  const source = inside(made, 'source');
  const scheme = textOf(options, 'scheme');
  if (scheme === '') return [];
  const sha256 = textOf(source, 'sha256').slice(0, 12);
  const samples = inside(options, 'samples');
  const data = textOf(made, 'data');
  const exclude = inside(options, 'exclude');
  return [
    { label: 'Tool', text: `infer ${textOf(made, 'version')}` },
    { label: 'Scheme', text: scheme },
    { label: 'Method', text: scheme === 'int8' ? textOf(options, 'method') : '' },
    { label: 'Target', text: textOf(options, 'target') },
    { label: 'Calibration', text: scheme === 'int8' ? textOf(options, 'calibration') : '' },
    { label: 'Excluded', text: Array.isArray(exclude) ? exclude.map(String).join(', ') : '' },
    { label: 'Source', text: `${textOf(source, 'path')}${sha256 === '' ? '' : `, sha256 ${sha256}…`}` },
    {
      label: 'Data',
      text: data === '' ? 'none' : `hash ${data}${typeof samples === 'number' ? `, ${samples} samples` : ''}`,
    },
    { label: 'Seed', text: textOf(options, 'seed') },
    { label: 'Quality', text: textOf(made, 'quality') },
  ].flatMap(({ label, text: long }) => (long === '' ? [] : [{ label, text: shortName(long, longestText) }]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function inside(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : null;
}

function textOf(holder: unknown, key: string): string {
  const value = inside(holder, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll(/\s+/g, ' ').trim() : '';
}
