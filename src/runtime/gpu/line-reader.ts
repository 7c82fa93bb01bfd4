/** No line of ours is as long: what goes on without an end is not one. */
const longestLine = 4096;

/** Puts chunks of text together to lines. Returns a function to hand chunks to. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) lines.push(rest.slice(0, longestLine));
    if (rest.length > longestLine) rest = '';
    for (const line of lines) if (line.trim() !== '') onLine(line.trim());
  };
}
