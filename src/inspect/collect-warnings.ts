import type { DataType } from '../onnx/data-type.ts';
import type { Model } from '../onnx/model.ts';
import { executionOrder } from '../onnx/shape/execution-order.ts';
import { allGraphs } from '../onnx/traverse.ts';
import type { InspectedFile } from './inspected-file.ts';
import type { InspectWarning } from './inspect-warning.ts';
import type { PlacedNode } from './placed-nodes.ts';
import type { TypeTotal } from './parameters.ts';

/** What onnxruntime 1.30 loads: found by trying, as its documents lag behind. */
const runtime = { oldestOpset: 7, newestOpset: 26, newestIrVersion: 13 };

/** Per-axis quantization came with operator set 13. */
const quantizationOpset = 13;

/** Types the CPU provider computes slowly (float64), through casts (halves) or hardly at all. */
const slowTypes: ReadonlySet<DataType> = new Set(['float64', 'float16', 'bfloat16', 'complex64', 'complex128']);

const runtimeDomains: ReadonlySet<string> = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.microsoft.experimental',
  'ai.onnx.preview.training',
  'ai.onnx.training',
]);

export interface WarningFacts {
  readonly model: Model;
  readonly nodes: readonly PlacedNode[];
  readonly byType: readonly TypeTotal[];
  readonly file: InspectedFile | null;
}

/** What the model itself gives reason to warn of. */
export function collectWarnings(facts: WarningFacts): readonly InspectWarning[] {
  return [
    ...versionWarnings(facts.model),
    ...typeWarnings(facts.byType),
    ...fileWarnings(facts.file),
    ...graphWarnings(facts.model),
    ...domainWarnings(facts),
  ];
}

function versionWarnings({ opset, irVersion }: Model): readonly InspectWarning[] {
  const warnings: InspectWarning[] = [];
  const { oldestOpset, newestOpset, newestIrVersion } = runtime;
  if (opset < oldestOpset) warnings.push({ code: 'opset-too-old', details: { version: opset, oldest: oldestOpset } });
  else if (opset < quantizationOpset)
    warnings.push({ code: 'opset-below-quantization', details: { version: opset, needed: quantizationOpset } });
  if (opset > newestOpset) warnings.push({ code: 'opset-too-new', details: { version: opset, newest: newestOpset } });
  if (irVersion > newestIrVersion)
    warnings.push({ code: 'ir-version-too-new', details: { version: irVersion, newest: newestIrVersion } });
  return warnings;
}

function typeWarnings(byType: readonly TypeTotal[]): readonly InspectWarning[] {
  return byType
    .filter(({ type, elements, tensors }) => isSlow(type) && elements > tensors)
    .map(({ type, tensors, bytes }) => ({ code: 'slow-type', details: { type, tensors, bytes } }));
}

function isSlow(type: DataType): boolean {
  return slowTypes.has(type) || type.startsWith('float8') || type.startsWith('float4');
}

function fileWarnings(file: InspectedFile | null): readonly InspectWarning[] {
  const files = file?.externalFiles ?? [];
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [{ code: 'external-data', details: { files: files.map(({ location }) => location), bytes } }];
}

function graphWarnings(model: Model): readonly InspectWarning[] {
  const warnings: InspectWarning[] = [];
  let graphs = 0;
  for (const graph of allGraphs(model)) {
    const order = executionOrder(graph);
    let index = 0;
    for (const node of graph.nodes()) if (order[index] === node) index++;
    if (index < graph.nodeCount) graphs++;
  }
  if (graphs > 0) warnings.push({ code: 'nodes-unsorted', details: { graphs } });
  const count = model.graph.inputs.filter((value) => value.isInitializer).length;
  if (count > 0) warnings.push({ code: 'initializers-as-inputs', details: { count, irVersion: model.irVersion } });
  return warnings;
}

function domainWarnings({ model, nodes }: WarningFacts): readonly InspectWarning[] {
  const operators = new Map<string, string[]>();
  for (const { node, scope } of nodes) {
    const isKnown = scope.calls.has(node) || runtimeDomains.has(node.domain);
    if (isKnown && isImported(node.domain, scope.opsets)) continue;
    const names = operators.get(node.domain) ?? [];
    names.push(node.op);
    operators.set(node.domain, names);
  }
  return [...operators].map(([domain, names]) =>
    runtimeDomains.has(domain) || model.functions.some((own) => own.domain === domain)
      ? { code: 'domain-not-imported', details: { domain, nodes: names.length } }
      : {
          code: 'custom-operators',
          details: { domain, operators: [...new Set(names)].slice(0, 10), nodes: names.length },
        },
  );
}

function isImported(domain: string, opsets: ReadonlyMap<string, number>): boolean {
  return domain === '' || domain === 'ai.onnx' || opsets.has(domain);
}
