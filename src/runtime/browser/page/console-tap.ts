const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;

export interface ConsoleTap {
  /** Keeps what is written from now on, in a list that grows. */
  collect(): readonly string[];
  stopCollecting(): void;
}

/**
 * Takes the place of a page's console before onnxruntime-web is loaded, which remembers the one that it finds. Nobody
 * reads it, and each line would be a message to another process.
 */
export function tapConsole(target: Record<(typeof methods)[number], (...words: unknown[]) => void>): ConsoleTap {
  let lines: string[] | null = null;
  for (const method of methods) target[method] = (...words) => void lines?.push(words.map(String).join(' '));
  return {
    collect: () => (lines = []),
    stopCollecting: () => {
      lines = null;
    },
  };
}
