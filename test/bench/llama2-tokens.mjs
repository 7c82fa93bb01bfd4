// The tokenizer of karpathy's llama2.c, from its own file: the longest piece's length, then a score, a length and the
// bytes of each piece (run.c: build_tokenizer, encode, decode).
import { readFileSync } from 'node:fs';

const beginning = 1;

/** @param path of a file such as tok512.bin */
export function readTokens(path) {
  const bytes = readFileSync(path);
  const pieces = [];
  for (let at = 4; at < bytes.length;) {
    const [score, length] = [bytes.readFloatLE(at), bytes.readInt32LE(at + 4)];
    pieces.push({ score, text: bytes.toString('latin1', at + 8, at + 8 + length) });
    at += 8 + length;
  }
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  return { encode: (text) => encode(text, pieces, ids), decode: (tokens) => decode(tokens, pieces) };
}

/** Characters, of which the two that make the piece with the highest score are joined until none do. */
function encode(text, pieces, ids) {
  const tokens = Array.from(` ${text}`, (character) => {
    const known = ids.get(Buffer.from(character).toString('latin1'));
    return known === undefined ? [...Buffer.from(character)].map((byte) => byte + 3) : [known];
  }).flat();
  for (;;) {
    let best = null;
    for (const [index, token] of tokens.slice(0, -1).entries()) {
      const id = ids.get(pieces[token].text + pieces[tokens[index + 1]].text);
      if (id !== undefined && (best === null || pieces[id].score > pieces[best.id].score)) best = { index, id };
    }
    if (best === null) return [beginning, ...tokens];
    tokens.splice(best.index, 2, best.id);
  }
}

/** A space at the very beginning is the tokenizer's own; `<0x0A>` is a byte. */
function decode(tokens, pieces) {
  const text = tokens.map((id) =>
    pieces[id].text.replace(/^<0x([\dA-F]{2})>$/, (_, hex) => String.fromCharCode(`0x${hex}`)),
  );
  return Buffer.from(text.join(''), 'latin1')
    .toString()
    .replace(/^<s>\n? ?|^\n<s>\n ?/, '');
}
