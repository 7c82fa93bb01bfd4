/** What a reader of a doctor result should act on or know, and the details its sentence needs. */
export interface DoctorFindingDetails {
  'cpu-provider-broken': { reason: string; cure: string };
  'quota-below-cores': { quotaCores: number; usableCores: number; logicalCores: number };
  'affinity-below-cores': { affinityCores: number; logicalCores: number };
  /** `rules` names what was beyond its limit. */
  'noisy-now': {
    rules: readonly NoiseRule[];
    pressureShare: number | null;
    stealShare: number | null;
    loadAverage: number | null;
  };
  'powersave-governor': { governor: string };
  'no-avx2': { model: string };
  /** The processor has no 8-bit dot product: int8 gains less, and on x64 may saturate. */
  'no-int8-dot-product': { arch: string };
  'low-memory': { availableBytes: number; limitBytes: number | null };
  'gpu-unused': { gpus: readonly string[]; reason: string; cure: string };
  /** onnxruntime-node hands TensorRT nothing but the device. */
  'tensorrt-limited': { provider: 'tensorrt' };
  'unknown-facts': { facts: readonly UnknownFact[] };
}

export type NoiseRule = 'pressure' | 'steal' | 'load';
export type UnknownFact = 'physical cores' | 'instruction sets' | 'available memory' | 'processor pressure' | 'steal';

type DoctorFindingCode = keyof DoctorFindingDetails;
export type DoctorFinding = {
  [C in DoctorFindingCode]: { readonly code: C; readonly details: DoctorFindingDetails[C] };
}[DoctorFindingCode];
