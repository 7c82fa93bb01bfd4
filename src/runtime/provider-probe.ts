import type { NamedTensors } from '../onnx/dense-tensor.ts';

/**
 * A model of two nodes, y = x·W + b over x [batch, 4], W[i] = (i+1)·(1, -1, 1) and b = (0, 0.5, 1): small enough to
 * carry along, large enough to tell whether a provider computes.
 */
export const probeModel: Uint8Array = Buffer.from(
  'CAgSCmluZmVyLXRlc3Q6xQEKHAoBeAoBdxICeHcaBm1hdG11bCIGTWF0TXVsOgAKFgoCeHcKAWISAXkaA2FkZCIDQWRkOgASBWdyYXBoKjsI' +
    'BAgDEAEiMAAAgD8AAIC/AACAPwAAAEAAAADAAAAAQAAAQEAAAEDAAABAQAAAgEAAAIDAAACAQEIBdyoVCAMQASIMAAAAAAAAAD8AAIA/QgFi' +
    'WhgKAXgSEwoRCAESDQoHEgViYXRjaAoCCARiGAoBeRITChEIARINCgcSBWJhdGNoCgIIA0IECgAQEQ==',
  'base64',
);

export const probeFeeds: NamedTensors = {
  x: { type: 'float32', dims: [1, 4], data: new Float32Array([1, 1, 1, 1]) },
};

/** (1+2+3+4)·(1, -1, 1) + (0, 0.5, 1). */
const expected = [10, -9.5, 11] as const;

/** Whether the outputs are what the closed form says; a provider may round in half precision. */
export function probeOutputsAreRight(outputs: NamedTensors): boolean {
  const data = outputs['y']?.data ?? [];
  return data.length === expected.length && expected.every((value, at) => Math.abs(Number(data[at]) - value) < 0.02);
}
