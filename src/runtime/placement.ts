import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { OnnxSessionOptions } from './onnxruntime.ts';
import { profiledRuns } from './profiled-runs.ts';
import type { NodePlacement } from './runtime.ts';

/**
 * Counts the graph's nodes by the provider that ran them. No call of onnxruntime tells, so one run is profiled in a
 * session of its own and the providers are read from the profile.
 */
export async function placementOf(options: OnnxSessionOptions, feeds: NamedTensors): Promise<readonly NodePlacement[]> {
  return countProviders(await profiledRuns(options, { feeds, runs: 1 }));
}

/**
 * Reads provider and node of each kernel event. By pattern, not as JSON: a profile cut off in mid-write is no valid
 * JSON, yet its events are good. `args` names the node's index in the graph, which a second run would repeat.
 */
export function countProviders(profile: string): readonly NodePlacement[] {
  const nodesByProvider = new Map<string, Set<string>>();
  for (const event of profile.matchAll(/"name"\s*:\s*"([^"]*)_kernel_time"[^\n]*?"provider"\s*:\s*"([^"]*)"/g)) {
    const [, node = '', provider = ''] = event;
    const nodes = nodesByProvider.get(provider) ?? new Set();
    nodesByProvider.set(provider, nodes.add(node));
  }
  return [...nodesByProvider].map(([provider, nodes]) => ({ provider, nodes: nodes.size }));
}
