import type { Accelerator } from '../catalog/catalog.ts';
import type { Rates } from './thread-rates.ts';

/** Providers that run on accelerators of one maker alone. */
const nvidiaProviders: ReadonlySet<string> = new Set(['cuda', 'tensorrt']);

/**
 * What an accelerator can do at most by a provider; null where the provider does not run on it or its peaks are not
 * known.
 *
 * Float32 models are computed in float32, and the tensor formats would be faster, within the range that a projection to
 * an accelerator has. Integer products of quantized models are computed as such by TensorRT alone.
 *
 * @param ep null where it is open, as for a model that was measured on a processor
 */
export function acceleratorRates(accelerator: Accelerator, ep: string | null): Rates | null {
  const { fp32Tflops, fp16Tflops, int8Tops, gbPerSecond } = accelerator;
  // Where float32 is not told: a quarter of the dense float16 rate, as on the like of it.
  const floatTflops = fp32Tflops ?? (fp16Tflops === null ? null : fp16Tflops / 4);
  if (floatTflops === null || !isProvidedFor(accelerator, ep)) return null;
  const int8 = ep === 'tensorrt' && int8Tops !== null ? int8Tops : floatTflops;
  return { floatGops: floatTflops * 1000, int8Gops: int8 * 1000, gbPerSecond };
}

/** Some chips take only models that were compiled for them. */
function isProvidedFor({ id }: Accelerator, ep: string | null): boolean {
  if (/inferentia|trainium/.test(id)) return false;
  return !(nvidiaProviders.has(ep ?? '') && /^(intel|amd)/.test(id));
}
