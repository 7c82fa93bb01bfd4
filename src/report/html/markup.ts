/** Text that is HTML already. Only {@link html} and {@link trusted} make it, so that nothing gets into a page unescaped. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template may hold; strings are escaped, null is nothing. */
export type Part = Markup | string | number | null | readonly Part[];

/** HTML or SVG with its parts escaped, in elements and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = collapsed.get(strings) ?? collapse(strings);
  return new Markup(texts.map((text, index) => `${text}${partText(parts[index] ?? null)}`).join(''));
}

/** Templates are written in lines for who reads them; a page of a thousand rows is to be small. */
const collapsed = new WeakMap<TemplateStringsArray, readonly string[]>();

function collapse(strings: TemplateStringsArray): readonly string[] {
  const texts = strings.map((text) => text.replaceAll(/\s*\n\s*/g, ' '));
  collapsed.set(strings, texts);
  return texts;
}

/** Text of our own that is put in as it is: never anything out of a result. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function partText(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part.map(partText).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Names may hold anything: markup, characters that HTML forbids, and marks that turn the direction of what follows. */
function escapeHtml(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
    .replace(/[&<>"'`]/g, (character) => entities[character] ?? '');
}
