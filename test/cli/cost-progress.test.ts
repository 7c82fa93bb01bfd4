import { describe, expect, it } from 'vitest';
import { describeCostEvent } from '../../src/cli/cost-progress.ts';

describe('what is going on', () => {
  it('is told of measuring and of working out', () => {
    expect(describeCostEvent({ kind: 'probing', model: 'm.onnx', ep: 'cpu' })).toBe('trying m.onnx on cpu');
    expect(describeCostEvent({ kind: 'projecting', curves: 1 })).toBe('working out fleets for 1 curve');
    expect(describeCostEvent({ kind: 'projecting', curves: 4 })).toBe('working out fleets for 4 curves');
  });
});
