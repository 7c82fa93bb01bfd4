import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const binary = fileURLToPath(new URL('../../bin/infer.js', import.meta.url));

/** Short blocks, for tests in which what is measured does not matter. */
export const quick = ['--rounds', '2', '--max-rounds', '2', '--min-runs', '3', '--min-time', '20ms', '--warmup', '5ms'];

/** Rounds without end: whoever starts these stops them. */
export const endless = ['--max-rounds', '100000', '--precision', '0.0001%', '--budget', '10h', '--min-time', '300ms'];

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Spawned {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Whether it ended, without waiting. */
  readonly hasEnded: () => boolean;
}

export interface SpawnSettings {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Whether it leads a process group of its own, as under a terminal. */
  readonly detached?: boolean;
}

/** Starts the built binary as a user would. */
export function spawnInfer(words: readonly string[], settings: SpawnSettings = {}): Spawned {
  return spawnProgram(process.execPath, [binary, ...words], settings);
}

export function spawnProgram(program: string, words: readonly string[], settings: SpawnSettings = {}): Spawned {
  const { env = process.env, cwd = process.cwd(), detached = false } = settings;
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], cwd, detached, env: withoutColor(env) });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let hasEnded = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      hasEnded = true;
      resolve({ exitCode, signal, stdout: stdout(), stderr: stderr() });
    });
  });
  return { process: child, pid: child.pid ?? 0, ended, hasEnded: () => hasEnded };
}

/** Whoever runs the tests in color does not want it in what they compare. */
function withoutColor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'FORCE_COLOR'));
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part) => (text += String(part)));
  return () => text;
}

/** The living children of a process. */
export function childrenOf(parent: number): readonly number[] {
  return processes().flatMap(({ pid, ppid, isZombie }) => (ppid === parent && !isZombie ? [pid] : []));
}

/** Whether a process still runs: one that ended and was not waited for yet does not. */
export function isRunning(pid: number): boolean {
  return processes().some((process) => process.pid === pid && !process.isZombie);
}

function processes() {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, ppid, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), ppid: Number(ppid), isZombie: state.startsWith('Z') };
    });
}

/** Asks again and again until there is an answer: tests wait for what happens, never for a time. */
export async function until<T>(what: string, ask: () => T | null | undefined | false): Promise<T> {
  const giveUpAt = Date.now() + 45_000;
  while (Date.now() < giveUpAt) {
    const answer = ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await sleep(25);
  }
  throw new Error(`waited in vain for ${what}`);
}
