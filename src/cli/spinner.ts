import type { Io, OutputStream } from './io.ts';
import { wantsColor } from './io.ts';

/** One line on stderr that says what is going on. */
export interface Spinner {
  say(text: string): void;
  /** Makes room for other lines on stderr. */
  clear(): void;
  stop(): void;
}

/** A spinner on a terminal; null where nobody watches: in CI, in a pipe. */
export async function startSpinner(io: Io, text: string): Promise<Spinner | null> {
  if (!hasWidth(io.stderr) || io.env['CI'] !== undefined) return null;
  const { default: ora } = await import('ora');
  // Ora would take Ctrl-C for itself by discarding stdin, and does not know NO_COLOR.
  const color = wantsColor(io.stderr, io.env) ? 'cyan' : false;
  const spinner = ora({ discardStdin: false, color, text }).start();
  return {
    say: (next) => {
      spinner.text = next;
    },
    clear: () => spinner.clear(),
    stop: () => spinner.stop(),
  };
}

/** A terminal that knows how wide it is: ora never ends clearing a line on one of no columns (`docker run -t`). */
function hasWidth(stream: OutputStream): boolean {
  return stream.isTTY === true && (stream.columns ?? 0) > 0;
}
