/** Whether a text is what a pattern describes, whatever the case: `*` is any text, `?` any character. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const escaped = pattern.trim().replaceAll(/[\\^$.+()|[\]{}]/g, String.raw`\$&`);
  const whole = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is');
  return (text) => whole.test(text);
}
