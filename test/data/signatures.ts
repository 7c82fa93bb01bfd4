import type { DataType } from '../../src/onnx/data-type.ts';
import type { ValueSignature } from '../../src/onnx/signature.ts';

const value = (name: string, type: DataType, shape: readonly (number | string)[]): ValueSignature => ({
  name,
  type,
  shape,
});

/** Inputs as these models declare them to onnxruntime; axes without a name are called INPUT#AXIS. */
export const signatures = {
  ppOcrCls: [value('x', 'float32', ['p2o.DynamicDimension.0', 3, 'p2o.DynamicDimension.1', 'p2o.DynamicDimension.2'])],
  sileroNamed: [
    value('input', 'float32', ['batch', 'sequence']),
    value('state', 'float32', [2, 'batch', 128]),
    value('sr', 'int64', []),
  ],
  sileroUnnamed: [
    value('input', 'float32', ['input#0', 'input#1']),
    value('state', 'float32', [2, 'state#1', 128]),
    value('sr', 'int64', []),
  ],
  mnist: [value('Input3', 'float32', [1, 1, 28, 28])],
  llama: [
    value('input_ids', 'int64', ['batch_size', 'sequence_length']),
    value('attention_mask', 'int64', ['batch_size', 'total_sequence_length']),
    value('position_ids', 'int64', ['batch_size', 'sequence_length']),
    value('past_key_values.0.key', 'float32', ['batch_size', 4, 'past_sequence_length', 8]),
    value('past_key_values.0.value', 'float32', ['batch_size', 4, 'past_sequence_length', 8]),
  ],
  /** Optimum's merged decoder. */
  merged: [
    value('input_ids', 'int64', ['batch_size', 'sequence_length']),
    value('attention_mask', 'int64', ['batch_size', 'past_sequence_length + 1']),
    value('past_key_values.0.key', 'float32', ['batch_size', 4, 'past_sequence_length', 8]),
    value('use_cache_branch', 'bool', [1]),
  ],
  /** BERT from tf2onnx. */
  bert: [
    value('input_ids:0', 'int32', ['unk__6', 'unk__7']),
    value('input_mask:0', 'int32', ['unk__8', 'unk__9']),
    value('segment_ids:0', 'int32', ['unk__10', 'unk__11']),
  ],
} as const satisfies Record<string, readonly ValueSignature[]>;

export { value };
