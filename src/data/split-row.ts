/** Cells of one line of a CSV file: separated by comma, semicolon or tab, in double quotes where they hold these. */
export function splitRow(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(/[,;\t]/).map((cell) => cell.trim());
  const cells: string[] = [];
  const pattern = /("(?:[^"]|"")*"|[^,;\t]*)([,;\t]|$)/g;
  for (const [, cell = '', separator = ''] of line.matchAll(pattern)) {
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell.trim());
    if (separator === '') break;
  }
  return cells;
}
