import type { FloatReason } from '../../quantize/vocabulary.ts';

/** Why a node stayed in float, and what could be done about it. */
export interface FloatReasonText {
  /** Short enough for a cell. */
  readonly cause: string;
  /** Null where nothing is to be done. */
  readonly cure: string | null;
}

const texts: Readonly<Record<FloatReason, FloatReasonText>> = {
  excluded: { cause: 'named by --exclude', cure: null },
  'weight-not-constant': {
    cause: 'its weight is made while the model runs',
    cure: 'give --data: ranges of both factors let it be quantized',
  },
  'no-quantized-neighbor': { cause: 'no weight, and no neighbor that passes integers', cure: null },
  'already-quantized': { cause: 'computes with integers already', cure: null },
  'weight-type': { cause: 'its weight is not float32', cure: 'export the model in float32' },
  'too-small': { cause: 'quantizing would take longer than it saves', cure: null },
  'no-integer-kernel': { cause: 'onnxruntime has no integer kernel for it', cure: null },
  method: { cause: 'not covered by the method', cure: 'try another --method' },
  target: { cause: 'the target has no kernel for it', cure: 'try another --target, or another scheme' },
  'in-control-flow': { cause: 'inside a Loop or Scan, whose values calibration does not see', cure: null },
  'not-executed': { cause: 'no sample reached it', cure: 'give --data that make the model take that branch' },
  'costs-accuracy': { cause: 'quantized, it cost too much accuracy', cure: 'allow more with --max-drop' },
  'costs-time': { cause: 'quantized, it was not faster', cure: null },
  overflow: { cause: 'its values go beyond float16', cure: null },
  vanish: { cause: 'its values are so small that float16 loses them', cure: null },
  blocked: { cause: 'float16 is unsafe or missing for it', cure: null },
};

/** The reason in words; the code itself when another version of infer wrote it. */
export function floatReasonText(reason: string): FloatReasonText {
  const known: Readonly<Record<string, FloatReasonText>> = texts;
  return (Object.hasOwn(known, reason) ? known[reason] : undefined) ?? { cause: reason, cure: null };
}
