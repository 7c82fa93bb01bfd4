/** What became of a file that `infer init` looks after. */
export type FileOutcome = 'written' | 'unchanged' | 'kept' | 'left';

export interface InitSummary {
  readonly files: readonly { readonly shown: string; readonly outcome: FileOutcome }[];
}

const remarks: Readonly<Record<FileOutcome, string>> = {
  written: '',
  unchanged: '',
  kept: ' (it has a gate section)',
  left: ' (it says something else)',
};

const next = `Commit these files. The next pull request is gated; infer gate does it here.
`;

/** One line a file, and what to do now. */
export function initText({ files }: InitSummary): string {
  const lines = files.map(({ shown, outcome }) => `${outcome.padEnd(9)}  ${shown}${remarks[outcome]}\n`);
  const hasNews = files.some(({ outcome }) => outcome === 'written');
  return `${lines.join('')}${hasNews ? `\n${next}` : ''}`;
}

export interface DryFile {
  readonly shown: string;
  readonly state: 'new' | 'same' | 'differs' | 'kept';
  readonly text: string;
}

const states: Readonly<Record<DryFile['state'], string>> = {
  new: 'would be written',
  same: 'would stay as it is',
  differs: 'would be overwritten after a question, or with --force',
  kept: 'would be kept: it has a gate section',
};

/** The files as they would be. */
export function dryRunText(files: readonly DryFile[]): string {
  const told = files.map(({ shown, state, text }) => {
    const hasText = state === 'new' || state === 'differs';
    return `--- ${shown}: ${states[state]}\n${hasText ? `\n${text}` : ''}`;
  });
  return told.join('\n');
}
