import { ModelError } from '../errors.ts';
import type { ModelErrorDetails } from '../errors.ts';
import { findNode } from '../onnx/file/find-node.ts';

/** onnxruntime often does not say which node has the operator it does not know: the file does. */
export function locateOperator(error: unknown): unknown {
  if (!(error instanceof ModelError) || !isUnsupportedOperator(error.details) || error.details.node !== '')
    return error;
  const { path, operator, domain } = error.details;
  const details = { ...error.details, node: findNode(path, operator, domain) ?? '' };
  return new ModelError('model-unsupported-operator', details, { cause: error });
}

function isUnsupportedOperator(details: object): details is ModelErrorDetails['model-unsupported-operator'] {
  return 'operator' in details && 'node' in details;
}
