/** A page taken apart, as far as tests look into it. */
export interface ParsedHtml {
  readonly tags: readonly string[];
  readonly ids: readonly string[];
  /** Names of all attributes there are. */
  readonly attributes: ReadonlySet<string>;
  /** Content of each style and script. */
  readonly raw: Readonly<Record<'style' | 'script', readonly string[]>>;
}

const voids = new Set(['!doctype', 'meta', 'br', 'input']);
const tag = /<(\/?)([!a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/y;

/** Takes a page apart, strictly: every tag closed by its own, every attribute in double quotes, no other `<`. */
export function parseHtml(text: string): ParsedHtml {
  const open: string[] = [];
  const tags: string[] = [];
  const ids: string[] = [];
  const attributes = new Set<string>();
  const raw: Record<'style' | 'script', string[]> = { style: [], script: [] };
  let at = 0;
  for (;;) {
    at = text.indexOf('<', at);
    if (at === -1) break;
    tag.lastIndex = at;
    const [whole = '', closing, name = '', inside = '', selfClosing] = tag.exec(text) ?? [];
    if (whole === '') throw new Error(`no tag at ${at}: ${text.slice(at, at + 80)}`);
    at += whole.length;
    if (closing === '/') {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}> at ${at}`);
      continue;
    }
    tags.push(name);
    for (const [, attribute = '', , value = ''] of inside.matchAll(/([a-zA-Z][\w:-]*)(="([^"]*)")?/g)) {
      attributes.add(attribute);
      if (attribute === 'id') ids.push(value);
    }
    if (voids.has(name) || selfClosing === '/') continue;
    open.push(name);
    if (name !== 'style' && name !== 'script') continue;
    const end = text.indexOf(`</${name}`, at);
    raw[name].push(text.slice(at, end));
    at = end;
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return { tags, ids, attributes, raw };
}
