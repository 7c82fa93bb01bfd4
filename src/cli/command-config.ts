import type { Command } from 'commander';
import { readConfig } from './config-file.ts';
import type { Config } from './config-schema.ts';
import type { Io } from './io.ts';
import { mergeConfig } from './merge-config.ts';

export interface CommandConfig<Flags> {
  /** Flags of the command line over the config's over the defaults. */
  readonly flags: Flags;
  /** Models the config names. */
  readonly models: readonly string[];
  /** Whether the config sets an option. */
  readonly isConfigured: (option: string) => boolean;
}

/** Not every section names models. */
type SectionConfig = NonNullable<Config[Exclude<keyof Config, '$schema'>]> & {
  readonly models?: readonly string[] | undefined;
};

/** A command's flags joined with its section of the config. Throws UsageError for a config that is none. */
export async function readCommandConfig<Flags extends { readonly config?: string }>(
  command: Command,
  section: Exclude<keyof Config, '$schema'>,
  io: Io,
): Promise<CommandConfig<Flags>> {
  const { models = [], ...config }: SectionConfig =
    (await readConfig(command.opts<Flags>().config, io.cwd))[section] ?? {};
  return { flags: joinConfig<Flags>(command, config), models, isConfigured: (option) => Object.hasOwn(config, option) };
}

type Settings = Parameters<typeof mergeConfig>[1];

/** The flags with what a config sets; its format is a taste for stdout (see `outputChoice`). */
export function joinConfig<Flags extends object>(
  command: Command,
  { format, ...settings }: Settings & { readonly format?: string | undefined },
): Flags {
  if (format !== undefined && command.getOptionValueSource('format') === 'default')
    command.setOptionValueWithSource('format', format, 'config');
  return { ...command.opts<Flags>(), ...mergeConfig(command, settings) };
}
