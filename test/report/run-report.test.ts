import { describe, expect, it } from 'vitest';
import { runReport } from '../../src/commands/report.ts';
import { UsageError } from '../../src/errors.ts';
import { mixedCase, sweepCase } from './bench-cases.ts';
import { environment } from './fixture-bench-result.ts';

const doctor = {
  schemaVersion: 1,
  tool: { name: 'infer', version: '0.1.0' },
  createdAt: '',
  command: [],
  environment,
  kind: 'doctor',
  warnings: [],
  usable: true,
  providers: [],
  findings: [],
  noise: { loadAverage: null, pressureShare: null, stealShare: null, throttledPeriods: null, windowMs: 1 },
};

const other = { ...sweepCase(), environment: { ...environment, fingerprint: 'elsewhere' } };
const files: Readonly<Record<string, object>> = {
  'a.json': sweepCase(),
  'b.json': mixedCase(),
  'c.json': other,
  'doctor.json': doctor,
};
const readText = async (path: string): Promise<string> => JSON.stringify(files[path]);

describe('runReport', () => {
  it('gives one result as it is', async () => {
    expect(await runReport(['a.json'], readText)).toEqual(sweepCase());
    expect(await runReport(['doctor.json'], readText)).toEqual(doctor);
  });

  it('groups several by fingerprint, in the order given', async () => {
    const set = await runReport(['a.json', 'c.json', 'b.json'], readText);
    expect(set).toMatchObject({
      kind: 'bench-set',
      results: [{ path: 'a.json' }, { path: 'c.json' }, { path: 'b.json' }],
      groups: [
        { fingerprint: environment.fingerprint, members: [0, 2] },
        { fingerprint: 'elsewhere', members: [1] },
      ],
    });
  });

  it('refuses nothing at all, and anything but bench results side by side', async () => {
    await expect(runReport([], readText)).rejects.toThrow(UsageError);
    await expect(runReport(['a.json', 'doctor.json'], readText)).rejects.toMatchObject({
      code: 'results-mixed',
      details: { path: 'doctor.json', kind: 'doctor' },
    });
  });
});
