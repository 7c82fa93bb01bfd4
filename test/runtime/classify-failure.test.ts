import { describe, expect, it } from 'vitest';
import { ModelError, RuntimeError } from '../../src/errors.ts';
import { classifyFailure } from '../../src/runtime/classify-failure.ts';

const load = { modelPath: 'm.onnx', provider: 'cpu', stage: 'load' } as const;
const run = { ...load, stage: 'run' } as const;

// Texts as onnxruntime 1.30 gave them.
describe('classifyFailure', () => {
  it('names the operator that nobody registered', () => {
    const text =
      'Load model from m.onnx failed:Fatal error: com.example:Frobnicate(-1) is not a registered function/op';
    const error = classifyFailure(text, load);
    expect(error).toBeInstanceOf(ModelError);
    expect(error.finding).toMatchObject({
      code: 'model-unsupported-operator',
      details: { path: 'm.onnx', operator: 'Frobnicate', domain: 'com.example' },
    });
  });

  it('blames the model for a file that is no protobuf', () => {
    const error = classifyFailure('Load model from m.onnx failed:Protobuf parsing failed.', load);
    expect(error.finding).toEqual({
      code: 'model-rejected',
      details: { path: 'm.onnx', problem: 'Protobuf parsing failed.' },
    });
  });

  it('keeps the node and cuts the source location', () => {
    const text =
      "Non-zero status code returned while running Expand node. Name:'' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for requested buffer of size 274877906944";
    const error = classifyFailure(text, run);
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.finding).toMatchObject({ code: 'out-of-memory', details: { stage: 'run' } });
    expect(JSON.stringify(error.finding)).not.toContain('onnxruntime_src');
  });

  it('leaves a failed run to the runtime', () => {
    const text =
      "Non-zero status code returned while running Conv node. Name:'/c' Status Message: Invalid input shape: {192}";
    expect(classifyFailure(text, run).code).toBe('run-failed');
  });

  it('leaves an unknown text on loading to the runtime', () => {
    expect(classifyFailure('the moon is in the wrong phase', load).code).toBe('session-failed');
  });
});
