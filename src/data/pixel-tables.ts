import type { Preprocess } from './preprocess.ts';

const levels = 256;
const defaultScale = 1 / 255;

/**
 * What each of the 256 values of a pixel becomes, `(value * scale - mean) / deviation`, one table a channel in the
 * model's order: looked up, since there are far more pixels than values.
 */
export function pixelTables(
  { scale = defaultScale, mean = [], std = [] }: Preprocess,
  channels: number,
): readonly Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const shift = settingOf(mean, channel) ?? 0;
    const deviation = settingOf(std, channel) ?? 1;
    return Float32Array.from({ length: levels }, (_, value) => (value * scale - shift) / deviation);
  });
}

/** One number is for all channels. */
function settingOf(values: readonly number[], channel: number): number | undefined {
  return values[values.length === 1 ? 0 : channel];
}
