import type { AdapterFacts } from '../browser-facts.ts';
import type { Gpu } from './page-globals.ts';

/** Limits that decide whether a model's tensors and kernels fit. */
const toldLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** What WebGPU says of the adapter that onnxruntime-web gets as well: both ask for no particular one. */
export async function adapterFacts(gpu: Gpu | undefined): Promise<AdapterFacts | null> {
  const adapter = await gpu?.requestAdapter();
  if (adapter === undefined || adapter === null) return null;
  const { vendor, architecture, device, description, isFallbackAdapter = false } = adapter.info;
  return {
    vendor,
    architecture,
    device,
    description,
    isFallback: isFallbackAdapter,
    features: [...adapter.features].toSorted(),
    limits: Object.fromEntries(
      toldLimits.flatMap((name) => {
        const limit = adapter.limits[name];
        return typeof limit === 'number' ? [[name, limit] as const] : [];
      }),
    ),
  };
}
