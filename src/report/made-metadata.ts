import type { InspectResult } from '../inspect/inspect-result.ts';
import type { Fact } from './fact.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';

const longestText = 300;

/** The metadata that a command leaves in the model it writes, and how they are told. */
export interface MadeBy {
  readonly key: string;
  readonly title: string;
  /** What its options say, and what is told beside them; empty where they are not those of the command. */
  readonly ownFacts: (options: unknown, made: unknown) => readonly Fact[];
}

/**
 * How a model was made, as its metadata say. Empty where they do not, or say it in a way that is not known here: then
 * they are shown as they are, among the others.
 */
export function madeSection({ model }: InspectResult, { key, title, ownFacts }: MadeBy): Section {
  const made = parsed(model.metadata.find((entry) => entry.key === key)?.value ?? '');
  const own = ownFacts(inside(made, 'options'), made);
  const facts = own.length === 0 ? [] : [...toolFacts(made), ...own, ...originFacts(made)].flatMap(toldFact);
  return { title, blocks: facts.length === 0 ? [] : [{ kind: 'facts', facts }] };
}

function toolFacts(made: unknown): readonly Fact[] {
  return [{ label: 'Tool', text: `infer ${textOf(made, 'version')}` }];
}

function originFacts(made: unknown): readonly Fact[] {
  const source = inside(made, 'source');
  const options = inside(made, 'options');
  const sha256 = textOf(source, 'sha256').slice(0, 12);
  const samples = inside(options, 'samples');
  const data = textOf(made, 'data');
  return [
    { label: 'Source', text: `${textOf(source, 'path')}${sha256 === '' ? '' : `, sha256 ${sha256}…`}` },
    {
      label: 'Data',
      text: data === '' ? 'none' : `hash ${data}${typeof samples === 'number' ? `, ${samples} samples` : ''}`,
    },
    { label: 'Seed', text: textOf(options, 'seed') },
    { label: 'Quality', text: textOf(made, 'quality') },
  ];
}

function toldFact({ label, text }: Fact): readonly Fact[] {
  return text === '' ? [] : [{ label, text: shortName(text, longestText) }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A member of an object that came from a file; null where there is none. */
export function inside(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : null;
}

/** A text or number in an object that came from a file; empty where there is none. */
export function textOf(holder: unknown, key: string): string {
  const value = inside(holder, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll(/\s+/g, ' ').trim() : '';
}

/** The same of a list, with commas. */
export function listTextOf(holder: unknown, key: string): string {
  const value = inside(holder, key);
  return Array.isArray(value) ? value.map(String).join(', ') : '';
}
