import type { InspectResult } from '../inspect/inspect-result.ts';
import { costSection } from './inspect-cost.ts';
import { endsSection } from './inspect-ends.ts';
import { layersSection } from './inspect-layers.ts';
import { madeSections } from './inspect-made.ts';
import { operatorsSection } from './inspect-operators.ts';
import { originSection } from './inspect-origin.ts';
import { parametersSection } from './inspect-parameters.ts';
import { suitabilitySections } from './inspect-suitability.ts';
import { treeSection } from './inspect-tree.ts';
import { describeFinding } from './messages/message.ts';
import type { Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count, formatBytes } from './units.ts';
import type { View } from './view.ts';

/** What is said of a model, in any format. */
export function inspectSections(result: InspectResult, view: View): readonly Section[] {
  return [
    endsSection(result, view),
    originSection(result, view),
    ...madeSections(result),
    operatorsSection(result, view),
    parametersSection(result, view),
    costSection(result),
    ...suitabilitySections(result),
    ...(view.details ? [layersSection(result)] : []),
    ...(view.tree ? [treeSection(result)] : []),
    ...runtimeSections(result),
  ].filter(({ blocks }) => blocks.length > 0);
}

/** `model.onnx: 12.3 MiB and 1.20 GiB in 2 data files` */
export function inspectHeading({ model: { path, sizeBytes, externalFiles } }: InspectResult): string {
  const dataBytes = externalFiles.reduce((sum, file) => sum + file.sizeBytes, 0);
  const sizes = [
    ...(sizeBytes === null ? [] : [formatBytes(sizeBytes)]),
    ...(externalFiles.length === 0 ? [] : [`${formatBytes(dataBytes)} in ${count(externalFiles.length, 'data file')}`]),
  ];
  return [shortName(path ?? 'a model', longestPath), sizes.join(' and ')].filter((part) => part !== '').join(': ');
}

const longestPath = 200;

/** What to know before believing any of it. */
export function inspectWarnings({ warnings }: InspectResult): readonly string[] {
  return warnings.map(describeFinding);
}

function runtimeSections({ verification, environment }: InspectResult): readonly Section[] {
  if (verification.status === 'skipped') return [];
  const { onnxruntime } = environment;
  const text =
    verification.status === 'failed'
      ? `onnxruntime ${onnxruntime} does not take the model: ${describeFinding(verification.failure)}`
      : `onnxruntime ${onnxruntime} loads the model${checksumText(verification.checksums)}`;
  return [{ title: 'Runtime', blocks: [{ kind: 'facts', facts: [{ label: 'Verified', text }] }] }];
}

function checksumText(checksums: number): string {
  return checksums === 0 ? '' : ` and ${count(checksums, 'data file')} with the right checksum`;
}
