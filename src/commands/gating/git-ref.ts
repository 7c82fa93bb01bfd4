import { UsageError } from '../../errors.ts';

/** `git:REF:PATH` */
export interface GitRef {
  /** As it was written. */
  readonly text: string;
  /** A branch, a tag, a hash or an expression such as `HEAD~1`. */
  readonly name: string;
  /** From the top of the repository; from the folder where the command runs when it begins with `./` or `../`. */
  readonly path: string;
}

/** Whether a model is named by a place in git. */
export function isGitRef(text: string): boolean {
  return text.startsWith('git:');
}

/** Throws UsageError for anything but `git:REF:PATH`. */
export function parseGitRef(text: string): GitRef {
  const match = /^git:([^:]+):(.+)$/.exec(text);
  const [, name = '', path = ''] = match ?? [];
  if (match === null || name.startsWith('-') || path.startsWith('/') || path.endsWith('/') || path.includes('\\'))
    throw new UsageError('bad-value', {
      flag: '--base',
      value: text,
      expected: 'a model in git; write git:REF:PATH with / in the path, such as git:main:models/model.onnx',
    });
  return { text, name, path };
}
