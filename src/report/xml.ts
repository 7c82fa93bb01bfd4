/** What XML 1.0 cannot hold, and control characters that it can but no reader wants. */
const unwanted = /[^\t\n\r\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

type Attributes = Readonly<Record<string, string | number>>;

/** An element with what is in it: a text, or elements, each on lines of their own. */
export function xmlElement(name: string, attributes: Attributes, content: string | readonly string[] = []): string {
  const start = `<${name}${Object.entries(attributes).map(attributeText).join('')}`;
  if (typeof content === 'string') return `${start}>${xmlText(content)}</${name}>`;
  if (content.length === 0) return `${start}/>`;
  return `${start}>\n${content.join('\n')}\n</${name}>`;
}

function attributeText([name, value]: readonly [string, string | number]): string {
  return ` ${name}="${xmlAttribute(String(value))}"`;
}

/** Text between tags. A carriage return would be read back as a line feed. */
function xmlText(text: string): string {
  return text.replace(unwanted, '\uFFFD').replace(/[&<>\r]/g, reference);
}

/** White space in an attribute would be read back as spaces. */
function xmlAttribute(text: string): string {
  return text.replace(unwanted, '\uFFFD').replace(/[&<>"'\t\n\r]/g, reference);
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function reference(character: string): string {
  return names[character] ?? `&#${character.codePointAt(0) ?? 0};`;
}
