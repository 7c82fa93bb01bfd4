import { describe, expect, it } from 'vitest';
import { countPlacedNodes } from '../../../../src/runtime/browser/page/placed-nodes.ts';

/** Lines of onnxruntime-web 1.30's verbose log, of a model with a part that WebGPU does not take. */
const log = [
  '2026-11-28 18:57:54.810 [V:onnxruntime:, session_state.cc:1380 VerifyEachNodeIsAssignedToAnEp] Node placements',
  '2026-11-28 18:57:54.856 [V:onnxruntime:, session_state.cc:1383 VerifyEachNodeIsAssignedToAnEp]  Node(s) placed on [CPUExecutionProvider]. Number of nodes: 25',
  '2026-11-28 18:57:54.894 [V:onnxruntime:, session_state.cc:1383 VerifyEachNodeIsAssignedToAnEp]  Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 92',
];
const subgraph =
  '[V:onnxruntime:, session_state.cc:1376 VerifyEachNodeIsAssignedToAnEp]  All nodes placed on [CPUExecutionProvider]. Number of nodes: 3';

describe('countPlacedNodes', () => {
  it('adds the nodes of all graphs up by provider', () => {
    expect(countPlacedNodes(log)).toEqual([
      { provider: 'CPUExecutionProvider', nodes: 25 },
      { provider: 'WebGpuExecutionProvider', nodes: 92 },
    ]);
    expect(countPlacedNodes([...log, subgraph])[0]).toEqual({ provider: 'CPUExecutionProvider', nodes: 28 });
  });

  it('finds none in other words', () => {
    expect(countPlacedNodes(['shader of a node placed on nothing', ''])).toEqual([]);
  });
});
