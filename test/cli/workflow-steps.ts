import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const stepSchema = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  run: z.string().optional(),
  uses: z.string().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
export type Step = z.infer<typeof stepSchema>;

const jobSchema = z.object({
  'runs-on': z.string(),
  'timeout-minutes': z.number().min(1).max(360),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  steps: z.array(stepSchema).min(1),
});
export type Job = z.infer<typeof jobSchema>;

const workflowSchema = z.object({ name: z.string(), on: z.unknown(), jobs: z.record(z.string(), jobSchema) });

export function jobsOf(text: string): readonly Job[] {
  return Object.values(workflowSchema.parse(parse(text)).jobs);
}

export function stepsOf(job: Job | undefined): readonly Step[] {
  return job?.steps ?? [];
}

interface ScriptWorld {
  /** `github`, `context`, `core`. */
  readonly globals: Readonly<Record<string, unknown>>;
  /** Where relative paths lead. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a script as actions/github-script does: the body of an async function. */
export async function runScript(script: string, { globals, folder, env }: ScriptWorld): Promise<void> {
  const fs = {
    readFileSync: (path: string, encoding: 'utf8') => readFileSync(resolve(folder, path), encoding),
    writeFileSync: (path: string, content: Uint8Array) => writeFileSync(resolve(folder, path), content),
  };
  const all = { ...globals, require: () => fs, process: { env } };
  const body = new Function(...Object.keys(all), `return (async () => {${script}\n})()`);
  await body(...Object.values(all));
}
