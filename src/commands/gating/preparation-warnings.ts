import type { GateWarning } from '../../gate/gate-warning.ts';
import { median } from '../../stats/quantile.ts';
import type { GateSession } from './gate-session.ts';
import type { Prepared } from './prepare-scenario.ts';
import type { ProbedScenario } from './probe-scenario.ts';

/** What opening the models told that their result does not. */
export function preparationWarnings({ prepared, probed, environment }: GateSession): readonly GateWarning[] {
  return prepared.flatMap((each) => [
    ...guesses(each, probed.get(each.scenario.name)),
    ...crowding(each, environment.cpu.usableCores),
    ...storedWarnings(each),
  ]);
}

/** Of the base where there is one: the head is fed alike. */
function guesses({ scenario: { name } }: Prepared, probed: ProbedScenario | undefined): readonly GateWarning[] {
  const notes = (probed?.base ?? probed?.head)?.state.probe.inputs.notes ?? [];
  return notes.map((note): GateWarning =>
    note.code === 'dimension-guessed'
      ? { code: note.code, details: { scenario: name, ...note.details } }
      : { code: note.code, details: { scenario: name, ...note.details } },
  );
}

function crowding({ scenario: { name, threads, instances } }: Prepared, cores: number): readonly GateWarning[] {
  if (threads * instances <= cores) return [];
  return [{ code: 'threads-over-cores', details: { scenario: name, threads, instances, cores } }];
}

/** How many of the latest runs tell where a baseline stands now. */
const latestRuns = 5;

function storedWarnings({ scenario, stored }: Prepared): readonly GateWarning[] {
  if (stored === null) return [];
  const lengths = Object.values(stored.history).map(({ length }) => length);
  const oneRun: GateWarning[] = stored.isOneRun
    ? [{ code: 'base-of-one-run', details: { scenario: scenario.name, blocks: Math.max(0, ...lengths) } }]
    : [];
  const drifted = scenario.rules.flatMap(({ metric, tolerance }): GateWarning[] => {
    const accepted = stored.accepted[metric];
    const latest = (stored.history[metric] ?? []).slice(-latestRuns);
    if (accepted === undefined || tolerance === null || latest.length < latestRuns) return [];
    const now = median(latest);
    const isFar = Math.abs(Math.log(now / accepted)) > Math.log1p(tolerance);
    return isFar ? [{ code: 'baseline-drifted', details: { scenario: scenario.name, metric, accepted, now } }] : [];
  });
  return [...oneRun, ...drifted];
}
