import type { DoctorResult } from '../../../doctor/doctor-result.ts';
import { doctorSections } from '../../doctor-table.ts';
import type { Page } from '../page.ts';
import { originOf } from './origin-of.ts';

/** What a machine can run. */
export function doctorPage(result: DoctorResult): Page {
  return {
    kind: 'doctor',
    heading: result.environment.cpu.model,
    lead: [
      result.usable
        ? { text: 'models can be run here', tone: 'good' }
        : { text: 'models cannot be run here', tone: 'bad' },
    ],
    sections: doctorSections(result).map(({ title, rows }) => ({ title, blocks: [{ kind: 'facts', facts: rows }] })),
    facts: [],
    warnings: [],
    origins: [originOf(result)],
  };
}
