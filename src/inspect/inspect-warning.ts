import type { DataType } from '../onnx/data-type.ts';

/** What a reader of an inspect result should know, and the details its sentence needs. */
export interface InspectWarningDetails {
  /** The runtime promises nothing below `oldest`. */
  'opset-too-old': { version: number; oldest: number };
  'opset-too-new': { version: number; newest: number };
  'ir-version-too-new': { version: number; newest: number };
  /** QuantizeLinear and DequantizeLinear know no axis before `needed`. */
  'opset-below-quantization': { version: number; needed: number };
  /** Weights of a type that the CPU computes slowly or not at all. */
  'slow-type': { type: DataType; tensors: number; bytes: number };
  'external-data': { files: readonly string[]; bytes: number };
  'nodes-unsorted': { graphs: number };
  /** Before IR version 4 that was the rule; later it means that callers may override them, which hinders folding. */
  'initializers-as-inputs': { count: number; irVersion: number };
  'domain-not-imported': { domain: string; nodes: number };
  /** Neither the runtime nor the model's functions know the domain: a library of custom operators is needed. */
  'custom-operators': { domain: string; operators: readonly string[]; nodes: number };
  /** Figures lack what depends on these; give them with --dim. */
  'dimensions-open': { dimensions: readonly string[] };
  'macs-incomplete': { nodes: number; shape: number; tripCount: number; operator: number };
  'peak-incomplete': { values: number };
  'duplicates-skipped': { bytes: number };
}

type InspectWarningCode = keyof InspectWarningDetails;
export type InspectWarning = {
  [C in InspectWarningCode]: { readonly code: C; readonly details: InspectWarningDetails[C] };
}[InspectWarningCode];
