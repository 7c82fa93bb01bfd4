import { basename, extname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { joinConfig } from './command-config.ts';
import { patternsIn } from './flag-values.ts';
import type { GateConfig, GateQualityConfig, GateScenarioConfig } from './gate-config-schema.ts';
import type { GateFlags } from './gate-options.ts';
import { parseName } from './value-syntax.ts';

/** A scenario before its flags are read: out of the config, or of the command line alone. */
export interface GateSubject {
  readonly name: string;
  readonly head: string;
  readonly base: string | null;
  readonly owner: string | null;
  /** Of the command line over the scenario's over the section's over the defaults. */
  readonly flags: GateFlags;
  readonly metrics: NonNullable<GateScenarioConfig['metrics']>;
  /** Of the scenario, else of the section: rules may say otherwise. */
  readonly tolerance: string | undefined;
  readonly quality: GateQualityConfig | null;
}

export interface SubjectsOptions {
  readonly command: Command;
  /** The section of the config. */
  readonly config: GateConfig;
  readonly cwd: string;
}

/**
 * What is to be gated: the models of the command line, else the scenarios of the config, of which `--scenario` takes
 * some. Null where neither says anything. Throws UsageError.
 */
export function gateSubjects(options: SubjectsOptions): readonly GateSubject[] | null {
  const { command, config } = options;
  const { head, base, scenario } = command.opts<GateFlags>();
  const { scenarios = {} } = config;
  const names = patternsIn(scenario).map((text) => parseName({ flag: '--scenario', text }, Object.keys(scenarios)));
  if (names.length === 0 && head !== undefined) return [loneSubject(head, options)];
  const chosen = names.length === 0 ? Object.keys(scenarios) : names;
  if (chosen.length > 1) refuseForSeveral(head, base);
  const subjects = chosen.flatMap((name) => {
    const found = scenarios[name];
    return found === undefined ? [] : [configuredSubject(name, found, options)];
  });
  return subjects.length === 0 ? null : subjects;
}

/** One model for all of several scenarios would be none of theirs. */
function refuseForSeveral(head: string | undefined, base: string | undefined): void {
  const problem = 'each of several scenarios has its own model';
  if (head !== undefined) throw new UsageError('flags-conflict', { flag: '--head', other: '--scenario', problem });
  if (base !== undefined && !isRefAlone(base))
    throw new UsageError('bad-value', {
      flag: '--base',
      value: base,
      expected:
        'a base of several scenarios; write git:REF for the path of each at that ref, or choose one with --scenario',
    });
}

/** Beside a config, whose scenarios are others. */
export function loneSubject(head: string, { command, config, cwd }: SubjectsOptions): GateSubject {
  const { scenarios: _, tolerance, ...settings } = config;
  const flags = joinConfig<GateFlags>(command, settings);
  return {
    name: basename(head, extname(head)),
    head,
    base: baseOf(command.opts<GateFlags>().base, { head, cwd }),
    owner: null,
    flags,
    metrics: {},
    tolerance: textOf(tolerance),
    quality: null,
  };
}

function configuredSubject(name: string, scenario: GateScenarioConfig, options: SubjectsOptions): GateSubject {
  const { command, config, cwd } = options;
  const { model, base, owner, metrics, quality, tolerance, ...own } = scenario;
  const { scenarios: _, tolerance: sections, ...settings } = config;
  const given = command.opts<GateFlags>();
  const head = given.head ?? model;
  return {
    name,
    head,
    base: baseOf(given.base ?? base, { head, cwd }),
    owner: owner ?? null,
    flags: joinConfig<GateFlags>(command, { ...settings, ...own }),
    metrics: metrics ?? {},
    tolerance: textOf(tolerance ?? sections),
    quality: quality ?? null,
  };
}

/** `git:REF` stands for the head's own path at that ref. */
function baseOf(base: string | undefined, { head, cwd }: { readonly head: string; readonly cwd: string }) {
  if (base === undefined || !isRefAlone(base)) return base ?? null;
  const path = relative(cwd, resolve(cwd, head));
  return `${base}:./${path.replaceAll('\\', '/')}`;
}

function isRefAlone(base: string): boolean {
  return /^git:[^:]+$/.test(base);
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
