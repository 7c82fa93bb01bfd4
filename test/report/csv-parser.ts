/** A second opinion on RFC 4180, written a character at a time. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted && character === '"' && text.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') {
      record.push(field);
      field = '';
    } else if (!quoted && character === '\r' && text.charAt(at + 1) === '\n') {
      records.push([...record, field]);
      record = [];
      field = '';
      at += 1;
    } else field += character;
  }
  return records;
}

/** The records as objects by the header's names. */
export function csvObjects(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}
