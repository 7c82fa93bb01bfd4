import type { InspectResult } from '../inspect/inspect-result.ts';
import { madeByPrune } from './inspect-pruned.ts';
import { madeByQuantize } from './inspect-quantized.ts';
import { madeSection } from './made-metadata.ts';
import type { Section } from './section.ts';

// In the order in which they are to be used.
const commands = [madeByPrune, madeByQuantize];

/** How infer made the model; nothing where it did not. */
export function madeSections(result: InspectResult): readonly Section[] {
  return commands.map((command) => madeSection(result, command)).filter(({ blocks }) => blocks.length > 0);
}

/** Keys of the metadata that {@link madeSections} tells of. */
export function toldKeys(result: InspectResult): readonly string[] {
  return commands.filter((command) => madeSection(result, command).blocks.length > 0).map(({ key }) => key);
}
