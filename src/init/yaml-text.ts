/** What YAML reads as text however it is looked at: by the rules of 1.1, of 1.2, inside braces or not. */
const plain = /^[A-Za-z_](?:[\w./-]|:(?=[\w./-]))*$/;
/** A number with a unit is no number. */
const measured = /^\d+(?:\.\d+)?(?:ms|s|m|min|h|pt|%)$/;
const otherWords = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** A text as a YAML scalar: as it is where it cannot be mistaken, in double quotes else. */
export function yamlText(text: string): string {
  if ((plain.test(text) && !otherWords.test(text)) || measured.test(text)) return text;
  // JSON's quotes are YAML's; of control characters it leaves some as they are, which YAML does not allow.
  return JSON.stringify(text).replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, escaped);
}

/** What a scalar of one line says: as `yamlText` writes it, in single quotes or plain. */
export function yamlValue(scalar: string): string {
  if (scalar.startsWith("'") && scalar.endsWith("'")) return scalar.slice(1, -1).replaceAll("''", "'");
  if (!scalar.startsWith('"')) return scalar.replace(/ +#.*$/, '');
  try {
    return String(JSON.parse(scalar));
  } catch {
    return scalar;
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A text in a comment: no line of it may get out of the comment. */
export function yamlComment(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, escaped);
}
