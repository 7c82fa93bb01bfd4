import { describe, expect, it } from 'vitest';
import { fleetRules, fleetTerms } from '../../../src/cost/whatif/fleet-terms.ts';
import { exact, sketchLoad, sketchOption, sketchSettings } from './sketch-option.ts';

describe('fleetTerms', () => {
  it('tells what a replica answers a month of what its machine does', () => {
    const rules = { minReplicas: 2, spareReplicas: 1, utilization: 0.6, peakOverMean: 2 };
    const terms = fleetTerms(sketchOption({ replicasPerMachine: 4 }), exact(400), rules);
    expect(terms).toEqual({
      usdPerMachine: 0.357 * 730,
      busyRequestsPerReplica: exact(100 * 2_628_000),
      usableShare: 0.3,
      replicasPerMachine: 4,
      minReplicas: 2,
      spareReplicas: 1,
    });
  });

  it('has no machines without a price an hour', () => {
    const rules = { minReplicas: 1, spareReplicas: 0, utilization: 0.6, peakOverMean: 1 };
    expect(fleetTerms(sketchOption({ usdPerHour: null }), exact(400), rules)).toBeNull();
  });
});

describe('fleetRules', () => {
  const option = sketchOption({ itemsPerSecond: exact(100), machines: exact(5) });
  const objective = { percentile: 99, limitMs: 50 };

  it('is the target utilization of an even load without one', () => {
    expect(fleetRules(option, sketchSettings())).toMatchObject({ utilization: 0.6, peakOverMean: 1 });
  });

  it('keeps the target where the load alone takes as many machines', () => {
    // 250/s at the peak over 60/s a replica are 5.
    const settings = sketchSettings({ load: sketchLoad, objective });
    expect(fleetRules(option, settings)).toMatchObject({ utilization: 0.6, peakOverMean: 2.5 });
    const four = sketchOption({ itemsPerSecond: exact(400), replicasPerMachine: 4, machines: exact(2) });
    expect(fleetRules(four, settings)).toMatchObject({ utilization: 0.6 });
  });

  it('is what the objective left where it took more', () => {
    const settings = sketchSettings({ load: sketchLoad, objective, spareReplicas: 2 });
    const slow = sketchOption({ itemsPerSecond: exact(100), machines: exact(12) });
    expect(fleetRules(slow, settings)).toMatchObject({ utilization: 0.25, spareReplicas: 2 });
    expect(fleetRules(slow, sketchSettings({ load: sketchLoad }))).toMatchObject({ utilization: 0.6 });
  });
});
