import type { Command } from 'commander';

type ConfigValue = string | number | boolean | readonly (string | number)[] | Readonly<Record<string, unknown>>;

/**
 * Options as text: a flag on the command line wins, then the config, then the flag's default. Lists in the config
 * become comma lists, tables become NAME=VALUE.
 */
export function mergeConfig(
  command: Command,
  config: Readonly<Record<string, ConfigValue | undefined>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...command.opts() };
  for (const [name, value] of Object.entries(config)) {
    if (value === undefined || command.getOptionValueSource(name) === 'cli') continue;
    merged[name] = asFlag(value);
  }
  return merged;
}

function asFlag(value: ConfigValue): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.join(',');
  return Object.entries(value).map(([name, entry]) => `${name}=${String(asText(entry))}`);
}

function asText(entry: unknown): string {
  return Array.isArray(entry) ? entry.join(',') : String(entry);
}
