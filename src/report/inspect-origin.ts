import type { InspectResult } from '../inspect/inspect-result.ts';
import type { Fact } from './fact.ts';
import { toldKeys } from './inspect-made.ts';
import { moreText } from './more-text.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes } from './units.ts';
import type { View } from './view.ts';

const longestText = 300;

/** In which language the model is written, by whom, and what it says of itself. */
export function originSection(result: InspectResult, view: View): Section {
  const { model } = result;
  // What has a section of its own is not said twice.
  const told = toldKeys(result);
  const metadata = model.metadata.filter(({ key }) => !told.includes(key));
  const { graph, irVersion, opsets, producer, description } = model;
  const sets = opsets.map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : shortName(domain)} ${version}`);
  const facts: readonly Fact[] = [
    { label: 'Opset', text: `${sets.length === 0 ? 'none' : cut(sets, view)}, IR version ${irVersion}` },
    { label: 'Producer', text: textOf(`${producer.name} ${producer.version}`) },
    { label: 'Model', text: textOf(`${model.domain} ${model.version === '0' ? '' : model.version}`) },
    { label: 'Graph', text: [...named(graph), ...sizeTexts(model)].join(', ') },
    { label: 'Description', text: textOf(description) },
    ...listFacts('Metadata', metadata, {
      view,
      noun: 'pair',
      text: ({ key, value }) => textOf(`${key}: ${value}`),
    }),
    ...listFacts('Data files', model.externalFiles, {
      view,
      noun: 'file',
      text: ({ location, sizeBytes }) => `${textOf(location)}, ${formatBytes(sizeBytes)}`,
    }),
  ];
  return { title: 'Model', blocks: [{ kind: 'facts', facts: facts.filter(({ text }) => text !== '') }] };
}

function sizeTexts({ nodes, subgraphs, functions }: InspectResult['model']): readonly string[] {
  return [
    count(nodes, 'node'),
    ...(subgraphs === 0 ? [] : [count(subgraphs, 'subgraph')]),
    ...(functions === 0 ? [] : [count(functions, 'function')]),
  ];
}

function named(graph: string): readonly string[] {
  return graph.trim() === '' ? [] : [`'${shortName(graph)}'`];
}

interface Listing<T> {
  readonly view: View;
  readonly noun: string;
  readonly text: (entry: T) => string;
}

function listFacts<T>(label: string, entries: readonly T[], { view, noun, text }: Listing<T>): readonly Fact[] {
  const shown = entries.slice(0, view.top).map((entry) => ({ label, text: text(entry) }));
  const more = moreText({ of: entries.length, shown: shown.length, noun });
  return more === null ? shown : [...shown, { label, text: more }];
}

function cut(texts: readonly string[], { top }: View): string {
  const rest = texts.length - top;
  return rest > 0 ? `${texts.slice(0, top).join(', ')} and ${rest} more` : texts.join(', ');
}

function textOf(text: string): string {
  return shortName(text.replace(/\s+/g, ' ').trim(), longestText);
}
