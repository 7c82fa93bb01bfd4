/** Whether a text has the words, in any case of letters, not as a part of longer ones: `L4` is not in `L40S`. */
export function holdsWord(text: string, words: string): boolean {
  const padded = ` ${text.toLowerCase()} `;
  const wanted = words.toLowerCase();
  for (let at = padded.indexOf(wanted); at >= 0; at = padded.indexOf(wanted, at + 1))
    if (!isWordCharacter(padded[at - 1]) && !isWordCharacter(padded[at + wanted.length])) return true;
  return false;
}

function isWordCharacter(character = ''): boolean {
  return /[a-z0-9]/.test(character);
}
