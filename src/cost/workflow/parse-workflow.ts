import { parse } from 'yaml';
import { linkSteps } from './link-steps.ts';
import type { Workflow } from './workflow.ts';
import { workflowError } from './workflow-error.ts';
import type { WorkflowProblem } from './workflow-error.ts';
import { keysAt, workflowSchema } from './workflow-schema.ts';

/**
 * Reads the steps of an agent from YAML, of which JSON is a part.
 *
 * @param path for messages
 * @throws DataError for a text that is no workflow: the step and the key that are wrong, cycles, steps that nobody knows
 */
export function parseWorkflow(text: string, path: string): Workflow {
  const content = parseYaml(text, path);
  const parsed = workflowSchema.safeParse(content);
  if (parsed.success) return linkSteps(parsed.data.steps, path);
  const { issues } = parsed.error;
  // A key that was mistyped is missing by its right name too.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw parsed.error;
  throw workflowError(path, problemOf(issue, content), parsed.error);
}

function parseYaml(text: string, path: string): unknown {
  try {
    // Warnings would go to the console; what matters of them fails below.
    return parse(text, { logLevel: 'error' });
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw workflowError(path, { step: '', key: '', problem: problem.replace(/:$/, '') }, error);
  }
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The keys nobody knows, when that is what is wrong. */
  readonly keys?: readonly string[];
}

function problemOf(issue: Issue, content: unknown): WorkflowProblem {
  const inStep = issue.path[0] === 'steps' && typeof issue.path[1] === 'number';
  const step = inStep ? stepName(content, Number(issue.path[1])) : '';
  const inside = issue.path.slice(inStep ? 2 : 0).map(String);
  const [unknown] = issue.keys ?? [];
  if (unknown !== undefined) {
    const key = [...inside, unknown].join('.');
    return { step, key, problem: 'there is no such key', value: unknown, known: keysAt(issue.path) };
  }
  const isMissing = issue.code === 'invalid_type' && valueAt(content, issue.path) === undefined;
  if (isMissing) return { step, key: inside.join('.'), problem: 'it is missing' };
  if (issue.message.startsWith('Invalid input')) return { step, key: inside.join('.'), problem: shapeOf(inside, step) };
  return { step, key: inside.join('.'), problem: issue.message };
}

function shapeOf(inside: readonly string[], step: string): string {
  if (inside.length > 0) return 'it is a mapping of keys to values';
  return step === '' ? 'a workflow is a mapping with a list of steps' : 'a step is a mapping of keys to values';
}

function stepName(content: unknown, index: number): string {
  const name = valueAt(content, ['steps', index, 'name']);
  return typeof name === 'string' && name !== '' ? name : `#${index + 1}`;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    content,
  );
}
