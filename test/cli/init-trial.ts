import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { InitPrompts, TextQuestion } from '../../src/cli/init-prompts.ts';
import type { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';

/** A repository to run `infer init` in. */
export class InitTrial {
  readonly folder: string;

  constructor(files: ReturnType<typeof temporaryFolder>) {
    this.folder = mkdtempSync(join(files.folder, 'repository-'));
  }

  git(...words: readonly string[]): string {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main'];
    return execFileSync('git', [...identity, ...words], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
  }

  write(path: string, content: string | Uint8Array = 'model'): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  yaml(path: string): unknown {
    return parse(this.read(path));
  }

  /** Every file but git's, with what it holds. */
  snapshot(): Readonly<Record<string, string>> {
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const own = files.map((file) => file.slice(this.folder.length + 1)).filter((file) => !file.startsWith('.git/'));
    return Object.fromEntries(own.toSorted().map((file) => [file, this.read(file)]));
  }

  /** Without a calibration, which is the gate's matter. */
  init(words: readonly string[] = ['--yes'], below = '') {
    return this.initCalibrating(['--no-calibrate', ...words], below);
  }

  initCalibrating(words: readonly string[], below = '') {
    return runInfer(['init', ...words], { cwd: join(this.folder, below) });
  }
}

/** A person who answers each question by the first words of it that are given; the usual answer else. */
export function answering(answers: Readonly<Record<string, string | boolean | readonly string[]>>) {
  const asked: string[] = [];
  const answerTo = (message: string) => {
    asked.push(message);
    return Object.entries(answers).find(([start]) => message.startsWith(start))?.[1];
  };
  const prompts: InitPrompts = {
    pick: async (message, choices) => {
      const answer = answerTo(message);
      return Array.isArray(answer) ? answer : choices.map(({ value }) => value);
    },
    text: async ({ message, usual }: TextQuestion) => {
      const answer = answerTo(message);
      return typeof answer === 'string' ? answer : usual;
    },
    confirm: async (message, usual) => {
      const answer = answerTo(message);
      return typeof answer === 'boolean' ? answer : usual;
    },
  };
  return { prompts, asked };
}
