import type { Finding } from '../errors.ts';
import { findNode } from '../onnx/file/find-node.ts';

/** What kept the runtime from a model, in a few words that go on another sentence. */
export function failureProblem({ code, details }: Finding, modelPath: string): string {
  const told = new Map<string, unknown>(Object.entries(details));
  if (told.has('problem')) return String(told.get('problem'));
  switch (code) {
    case 'model-unsupported-operator':
      return `onnxruntime has no operator ${operatorName(told, modelPath)}`;
    case 'process-timeout':
      return `nothing was heard of it for ${Number(told.get('timeoutMs')) / 1000} s (--timeout)`;
    case 'process-crashed':
      return told.get('signal') === null
        ? 'the process died'
        : `the process died of signal ${String(told.get('signal'))}`;
    default:
      return code;
  }
}

function operatorName(told: ReadonlyMap<string, unknown>, modelPath: string): string {
  const [domain = '', operator = '', said = ''] = ['domain', 'operator', 'node'].map((key) => String(told.get(key)));
  // onnxruntime often does not say which node has the operator it does not know: the file does.
  const node = said === '' ? (findNode(modelPath, operator, domain) ?? '') : said;
  return `${domain === '' ? '' : `${domain}.`}${operator}${node === '' ? '' : ` (node '${node}')`}`;
}
