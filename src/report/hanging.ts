import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

/** A sentence behind its mark, wrapped so that it stays in its column. */
export function hanging(mark: string, sentence: string, style: Pick<Style, 'width'>): string {
  const lines = wrapText(sentence, style.width - mark.length);
  return `${mark}${lines.join(`\n${' '.repeat(mark.length)}`)}`;
}
