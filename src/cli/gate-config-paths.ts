import type { GateConfig, GateQualityConfig, GateScenarioConfig } from './gate-config-schema.ts';

type Move = (path: string) => string;

/** Paths of the section are meant from the config's own folder. */
export function moveGatePaths(section: GateConfig, moved: Move): GateConfig {
  const { scenarios, baseline } = section;
  return {
    ...section,
    ...(baseline !== undefined && { baseline: moved(baseline) }),
    ...(scenarios && {
      scenarios: Object.fromEntries(
        Object.entries(scenarios).map(([name, scenario]) => [name, moveScenario(scenario, moved)]),
      ),
    }),
  };
}

function moveScenario(scenario: GateScenarioConfig, moved: Move): GateScenarioConfig {
  const { model, base, data, quality, input } = scenario;
  return {
    ...scenario,
    model: moved(model),
    ...(base !== undefined && { base: moveBase(base, moved) }),
    ...(data !== undefined && { data: moved(data) }),
    ...(quality && { quality: moveQuality(quality, moved) }),
    ...(input && {
      input: Object.fromEntries(Object.entries(input).map(([name, value]) => [name, moveValue(value, moved)])),
    }),
  };
}

function moveQuality(quality: GateQualityConfig, moved: Move): GateQualityConfig {
  const { data, tokenizer, vocabulary } = quality;
  return {
    ...quality,
    data: moved(data),
    ...(tokenizer !== undefined && { tokenizer: moved(tokenizer) }),
    ...(vocabulary !== undefined && { vocabulary: moved(vocabulary) }),
  };
}

/** In git, paths count from the top of the repository, unless they say that they do not. */
function moveBase(base: string, moved: Move): string {
  if (!base.startsWith('git:')) return moved(base);
  const [, ref, path] = /^(git:[^:]+:)(\.\.?\/.*)$/.exec(base) ?? [];
  return ref === undefined || path === undefined ? base : `${ref}./${moved(path).replaceAll('\\', '/')}`;
}

function moveValue<T>(value: T, moved: Move): T | string {
  return typeof value === 'string' && /\.(npy|pb)$/i.test(value) ? moved(value) : value;
}
