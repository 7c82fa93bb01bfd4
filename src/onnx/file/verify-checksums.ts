import type { Model } from '../model.ts';
import { externalOf } from './data-plan.ts';
import { tensorsOf } from './tensors-of.ts';

/**
 * Compares every data file with the checksum that the model gives for it, and returns how many there were. Throws
 * ModelError 'model-external-data' for the first that differs or cannot be read.
 */
export function verifyChecksums(model: Model): number {
  const locations = new Set<string>();
  for (const { tensor } of tensorsOf(model)) {
    const elements = externalOf(tensor);
    if (elements === null || elements.external?.checksum == null) continue;
    elements.verify();
    locations.add(elements.external.location);
  }
  return locations.size;
}
