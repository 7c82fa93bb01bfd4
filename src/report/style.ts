import type { View } from './view.ts';

/** How a reporter may draw: ANSI colors or not, and the columns there are. */
export interface Style {
  readonly color: boolean;
  /** Columns of the terminal; Infinity where lines may be of any length. */
  readonly width: number;
  /** The usual one unless given. */
  readonly view?: View;
}

export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'warn' | 'bad';

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '\u001b[1m',
  dim: '\u001b[2m',
  good: '\u001b[32m',
  warn: '\u001b[33m',
  bad: '\u001b[31m',
};

/** The text in the tone's color, or as it is where color is off. */
export function paint(text: string, tone: Tone, style: Style): string {
  return style.color && tone !== 'plain' ? `${codes[tone]}${text}\u001b[0m` : text;
}
