/** A strict second opinion on XML 1.0 without DTDs and namespaces, written a token at a time. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const legal = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const token = /<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** The root element. Throws where the text is not well-formed. */
export function parseXml(source: string): XmlElement {
  if (!legal.test(source)) throw new Error('a character that XML cannot hold');
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!source.startsWith(declaration)) throw new Error('no declaration');
  const root = { name: '', attributes: {}, children: new Array<XmlElement>(), text: '' };
  const open = [root];
  token.lastIndex = declaration.length;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const [, closed, opened, attributes, selfClosed, text] = token.exec(source) ?? [];
    const top = open.at(-1);
    if (top === undefined) throw new Error(`too much is closed at ${at}`);
    if (text !== undefined) top.text += decode(text);
    else if (closed !== undefined) {
      if (top.name !== closed) throw new Error(`'${closed}' closes '${top.name}'`);
      open.pop();
    } else if (opened === undefined) throw new Error(`no token at ${at}: ${source.slice(at, at + 40)}`);
    else {
      const element = { name: opened, attributes: attributesOf(attributes ?? ''), children: [], text: '' };
      top.children.push(element);
      if (selfClosed === '') open.push(element);
    }
  }
  const [only, ...others] = root.children;
  if (only === undefined || others.length > 0 || open.length !== 1) throw new Error('not one root');
  return only;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute twice:${text}`);
  // White space that is not written as a reference reads as spaces.
  return Object.fromEntries(pairs.map(([name, value]) => [name, decode(value.replace(/[\t\n\r]/g, ' '))]));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/&([^;]*);?/g, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const character = code === undefined ? named[name] : String.fromCodePoint(Number(code));
    if (character === undefined || !whole.endsWith(';')) throw new Error(`a bare ampersand: ${whole}`);
    return character;
  });
}
