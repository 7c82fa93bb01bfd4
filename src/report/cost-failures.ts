import type { CostOption, CostResult, ExcludedOption } from '../cost/cost-result.ts';
import type { RowColumn } from './columns-of.ts';
import { columnsOf } from './columns-of.ts';
import { instanceName, isServing, machineName, modelName, placeName, servedName } from './cost-words.ts';
import type { Fact } from './fact.ts';
import { grouped } from './grouped.ts';
import { valueText } from './interval-digits.ts';
import { describeObstacle, obstacleTitle } from './messages/cost-obstacles.ts';
import type { Block, Section } from './section.ts';
import { count } from './units.ts';
import type { View } from './view.ts';

/** Why the other machines will not do: each kind of reason with what comes nearest; in detail every one of them. */
export function failuresSection(result: CostResult, view: View): readonly Section[] {
  const failures = failuresOf(result);
  const facts = grouped(failures, ({ code }) => code).map(({ key, members }) => groupFact(result, key, members));
  if (facts.length === 0) return [];
  const grid = view.details ? [failureGrid(failures, result)] : [];
  return [{ title: 'Why others fail', blocks: [{ kind: 'facts', facts }, ...grid] }];
}

interface Failure {
  readonly code: string;
  readonly why: string;
  readonly of: CostOption | ExcludedOption;
  readonly purchase: string;
  readonly usd: string;
  /** The less, the nearer to what is asked for. */
  readonly distance: number;
}

function failuresOf({ options, excluded }: CostResult): readonly Failure[] {
  return [...options.filter((option) => !isServing(option)).map(optionFailure), ...excluded.map(exclusion)];
}

function optionFailure(option: CostOption): Failure {
  const { obstacle, latencyMs, usdPerMillion, purchase } = option;
  const { code, details } = obstacle ?? { code: 'cost-objective-missed', details: {} };
  return {
    code,
    why: describeObstacle({ code, details }),
    of: option,
    purchase,
    usd: valueText(usdPerMillion),
    distance: latencyMs?.objectiveMs.value ?? Infinity,
  };
}

function exclusion(of: ExcludedOption): Failure {
  return {
    code: of.obstacle.code,
    why: describeObstacle(of.obstacle),
    of,
    purchase: '',
    usd: '-',
    distance: Infinity,
  };
}

/** `12 options; nearest: c7i.large (aws us-east-1), spot: p99 is 82 ms` */
function groupFact(result: CostResult, code: string, members: readonly Failure[]): Fact {
  const nearest = members.reduce((best, other) => (other.distance < best.distance ? other : best));
  const name = 'purchase' in nearest.of ? servedName(result, nearest.of) : machineName(nearest.of);
  const noun = 'purchase' in nearest.of ? 'option' : 'machine';
  const which = nearest.distance === Infinity ? 'such as' : 'nearest';
  const several = members.length === 1 ? '' : `${count(members.length, noun)}, ${which} `;
  return { label: obstacleTitle(code), text: `${several}${name}: ${nearest.why}` };
}

function failureGrid(failures: readonly Failure[], result: CostResult): Block {
  const all: readonly RowColumn<Failure>[] = [
    ...(result.models.length > 1
      ? [['model', 'left', ({ of }: Failure) => modelName(result, of.modelIndex)] as const]
      : []),
    ['instance', 'left', ({ of }) => instanceName(of)],
    ['where', 'left', ({ of }) => placeName(of), 2],
    ['buy', 'left', ({ purchase }) => purchase],
    ['$ per million', 'right', ({ usd }) => usd, 1],
    ['why', 'left', ({ why }) => why],
  ];
  return {
    kind: 'grid',
    columns: columnsOf(failures, all),
    more: null,
  };
}
