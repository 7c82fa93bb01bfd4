import { afterAll, describe, expect, it } from 'vitest';
import { cost } from '../../../src/commands/cost.ts';
import type { CostRequest } from '../../../src/commands/cost-request.ts';
import { envelopeOf } from '../../../src/commands/envelope.ts';
import type { CostSettings } from '../../../src/cost/cost-settings.ts';
import type { ServerSketch } from '../../cli/cost-trial.ts';
import { CostTrial, measuringEnvironment, serverResult } from '../../cli/cost-trial.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const trial = new CostTrial(files.folder);

const settings: CostSettings = {
  load: null,
  objective: null,
  balancing: 'round-robin',
  targetUtilization: 0.6,
  minReplicas: 1,
  spareReplicas: 0,
  batch: null,
  queueDelayMs: null,
  purchases: ['on-demand'],
  reservedDiscount: null,
  ownUsdPerHour: null,
  serverless: null,
  spot: { fallback: 0, interruptionsPerHour: null, lostSeconds: 300 },
  powerUsageEffectiveness: 1,
  gramsPerKwh: null,
  simulate: false,
  requestsSimulated: 20_000,
  seed: 0,
};

const usual: CostRequest = {
  resultPaths: ['r.json'],
  measure: null,
  settings,
  filter: { instances: ['c7i.2xlarge'], clouds: [], regions: [] },
  measuredOn: { '': 'c7i.2xlarge' },
  pricePaths: [],
  route: null,
  api: null,
  edge: null,
  workflowPath: null,
};

/** Warnings of a result of one server, by their codes. */
async function warningsOf(
  sketch: ServerSketch,
  { now = '2026-08-01T00:00:00Z', ...request }: Partial<CostRequest> & { readonly now?: string } = {},
) {
  trial.write('r.json', serverResult(sketch));
  const { result } = await cost(
    { ...usual, ...request },
    {
      envelope: envelopeOf({ version: '0.0.0', argv: ['infer', 'cost'], now: new Date(now) }),
      openRuntime: () => Promise.reject(new Error('nothing is measured')),
      nowMs: () => 0,
      cwd: files.folder,
      signal: new AbortController().signal,
      onEvent: () => undefined,
    },
  );
  return Object.fromEntries(result.warnings.map(({ code, details }) => [code, details]));
}

describe('warnings', () => {
  it('say when the load is not told, and nothing else of a good result', async () => {
    expect(await warningsOf({ threads: 8, batches: [1, 2, 4, 8] }, { settings: { ...settings, batch: 4 } })).toEqual({
      'no-load': { utilization: 0.6 },
    });
  });

  it('of one round', async () => {
    expect(await warningsOf({ moods: [1] })).toMatchObject({ 'one-round': { model: 'fp32.onnx', path: 'r.json' } });
  });

  it('of replicas that share a machine and were measured alone', async () => {
    expect(await warningsOf({ threads: 2 })).toMatchObject({
      'measured-alone': { model: 'fp32.onnx', replicas: 4 },
    });
    expect(await warningsOf({ threads: 8 })).not.toHaveProperty('measured-alone');
  });

  it('of the largest batch that was measured, where larger ones are still cheaper', async () => {
    expect(await warningsOf({})).toMatchObject({ 'batch-at-end': { model: 'fp32.onnx', batch: 8 } });
    expect(await warningsOf({}, { settings: { ...settings, batch: 8 } })).not.toHaveProperty('batch-at-end');
    // Runs that take twice as long for twice as many gain nothing.
    expect(await warningsOf({ tau0Ms: 0 })).not.toHaveProperty('batch-at-end');
  });

  it('of prices, once they are older than 90 days', async () => {
    expect(await warningsOf({}, { now: '2026-10-18T00:00:00Z' })).not.toHaveProperty('prices-old');
    expect(await warningsOf({}, { now: '2026-10-19T00:00:00Z' })).toMatchObject({
      'prices-old': { oldest: '2026-07-20', days: 91 },
    });
  });

  it('of a machine that nobody knows, and a file that is gone, where something is projected', async () => {
    const environment = { ...measuringEnvironment, cpu: { ...measuringEnvironment.cpu, model: 'Imaginary 9000' } };
    const unknown = { rest: { environment } };
    expect(await warningsOf(unknown, { measuredOn: {} })).toMatchObject({
      'unknown-processor': { path: 'r.json', processor: 'Imaginary 9000' },
      'no-model-file': { path: 'fp32.onnx' },
    });
    const told = await warningsOf(unknown);
    expect(told).not.toHaveProperty('unknown-processor');
    expect(told).not.toHaveProperty('no-model-file');
  });
});
