const narrowest = 40;

/** Lines of at most `width` characters, broken at spaces; a longer word keeps a line of its own. */
export function wrapText(text: string, width: number): readonly string[] {
  const limit = Math.max(narrowest, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
