import { ModelError, RuntimeError } from '../errors.ts';
import type { InferError } from '../errors.ts';
import type { ProviderName } from './provider.ts';

export interface FailureContext {
  readonly modelPath: string;
  readonly provider: ProviderName;
  readonly stage: 'load' | 'run';
}

/**
 * Sorts onnxruntime's error text by who must act: the model's owner, or whoever set up the runtime. The texts are
 * those of onnxruntime 1.30; an unknown one becomes 'session-failed' or 'run-failed' with the text kept.
 */
export function classifyFailure(text: string, context: FailureContext): InferError {
  const problem = tidy(text);
  const { modelPath: model, provider, stage } = context;
  if (/bad_alloc|Failed to allocate memory|out of memory/i.test(text))
    return new RuntimeError('out-of-memory', { model, stage, problem });
  if (stage === 'run') return new RuntimeError('run-failed', { model, provider, problem });
  return (
    unsupportedOperator(text, model) ??
    (isModelFault(text)
      ? new ModelError('model-rejected', { path: model, problem })
      : new RuntimeError('session-failed', { model, provider, problem }))
  );
}

function isModelFault(text: string): boolean {
  return /Load model from|parsing failed|INVALID_GRAPH|INVALID_PROTOBUF|is not a tensor|not a valid|opset|external data|Type Error|ShapeInferenceError|Node \(/i.test(
    text,
  );
}

/** The three ways onnxruntime says that it does not know an operator. */
function unsupportedOperator(text: string, path: string): InferError | null {
  const schema = /No Op registered for (\S+) with domain_version of (\d+)/.exec(text);
  const node = /node (?:with name )?'([^']*)'|Node \(([^)]*)\)/i.exec(text);
  const nodeName = node?.[1] ?? node?.[2] ?? '';
  if (schema?.[1] !== undefined)
    return operatorError({ path, operator: schema[1], domain: 'ai.onnx', opset: schema[2] ?? '?', node: nodeName });
  const fatal = /Fatal error: (\S+?):(\S+?)\((-?\d+)\) is not a registered function\/op/.exec(text);
  if (fatal?.[2] !== undefined)
    return operatorError({ path, operator: fatal[2], domain: fatal[1] ?? '', opset: fatal[3] ?? '?', node: nodeName });
  const kernel = /Could not find an implementation for (\w+)\((\d+)\) node with name '([^']*)'/.exec(text);
  if (kernel?.[1] !== undefined)
    return operatorError({
      path,
      operator: kernel[1],
      domain: 'ai.onnx',
      opset: kernel[2] ?? '?',
      node: kernel[3] ?? '',
    });
  return null;
}

function operatorError(details: {
  path: string;
  operator: string;
  domain: string;
  opset: string;
  node: string;
}): InferError {
  return new ModelError('model-unsupported-operator', details);
}

/** Cuts source locations, status codes and the repeated path out of onnxruntime's text: they tell a user nothing. */
export function tidy(text: string): string {
  return text
    .replace(/^Load model from .*? failed:/s, '')
    .replace(/\/onnxruntime_src\/\S+:\d+ .*?\) (?=[A-Z])/s, '')
    .replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
