import type { BuildCommand } from './command-context.ts';

export interface CommandEntry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  /** Loaded when the command is called: `infer --help` needs the two lines above and nothing else. */
  readonly load: () => Promise<BuildCommand>;
}

export const commandTable: readonly CommandEntry[] = [
  {
    name: 'bench',
    summary: 'measure latency and throughput of models, with intervals',
    load: async () => (await import('./bench-command.ts')).buildBenchCommand,
  },
  {
    name: 'profile',
    summary: 'tell where the time of a model goes, by operator and node, and what would help',
    load: async () => (await import('./profile-command.ts')).buildProfileCommand,
  },
  {
    name: 'inspect',
    summary: 'tell what a model is made of and what a run of it takes',
    load: async () => (await import('./inspect-command.ts')).buildInspectCommand,
  },
  {
    name: 'evaluate',
    alias: 'eval',
    summary: 'score a model on data, alone or beside another one, with intervals',
    load: async () => (await import('./evaluate-command.ts')).buildEvaluateCommand,
  },
  {
    name: 'optimize',
    summary: 'clean a model up: fold, fuse, dedupe, remove; outputs verified equal',
    load: async () => (await import('./optimize-command.ts')).buildOptimizeCommand,
  },
  {
    name: 'prune',
    summary: 'take channels, heads or layers out of a model and refit the rest; quality and speed judged',
    load: async () => (await import('./prune-command.ts')).buildPruneCommand,
  },
  {
    name: 'quantize',
    summary: 'make a model smaller and faster in int8, int4 or float16; quality and speed judged',
    load: async () => (await import('./quantize-command.ts')).buildQuantizeCommand,
  },
  {
    name: 'distill',
    summary: 'train a student model to do as its teacher does, labels or not',
    load: async () => (await import('./distill-command.ts')).buildDistillCommand,
  },
  {
    name: 'gate',
    summary: 'hold a model against its base in latency, size, memory and quality; for CI',
    load: async () => (await import('./gate-command.ts')).buildGateCommand,
  },
  {
    name: 'cost',
    summary: 'project what a model costs on real machines, with intervals, from measured results',
    load: async () => (await import('./cost-command.ts')).buildCostCommand,
  },
  {
    name: 'report',
    summary: 'render saved results in another format, or several side by side',
    load: async () => (await import('./report-command.ts')).buildReportCommand,
  },
  {
    name: 'init',
    summary: 'write a config and a CI workflow that gate the models of a repository',
    load: async () => (await import('./init-command.ts')).buildInitCommand,
  },
  {
    name: 'doctor',
    summary: 'tell what this machine can run and how quiet it is',
    load: async () => (await import('./doctor-command.ts')).buildDoctorCommand,
  },
  {
    name: 'config',
    summary: 'print the JSON Schema of the config file, or check one',
    load: async () => (await import('./config-command.ts')).buildConfigCommand,
  },
];
