import type { NoiseLevel } from '../runtime/hardware/read-noise.ts';
import { readNoiseLevel } from '../runtime/hardware/read-noise.ts';
import { systemSource } from '../runtime/hardware/system-source.ts';

/** How busy this machine is now. */
export function noiseLevel(): NoiseLevel {
  return readNoiseLevel(systemSource());
}
