import { objectBytes } from './limits.ts';
import type { MessageCursor, Span, WireContext } from './message-cursor.ts';

/** Fields of a message that are kept as they are, tag included: neighbors as one span. */
export class UnknownFields {
  readonly #context: WireContext;
  readonly #spans: Span[] = [];

  constructor(context: WireContext) {
    this.#context = context;
  }

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Keeps the field that a cursor is at. */
  keep({ start, position }: Pick<MessageCursor, 'start' | 'position'>): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last.offset + last.length === start) {
      this.#spans[this.#spans.length - 1] = { offset: last.offset, length: position - last.offset };
    } else {
      this.#context.budget.takeObjects(objectBytes.span);
      this.#spans.push({ offset: start, length: position - start });
    }
  }

  /** All of them in order, or null when there are none. */
  bytes(): Uint8Array | null {
    if (this.isEmpty) return null;
    return Buffer.concat(this.list());
  }

  list(): readonly Uint8Array[] {
    const { budget, window } = this.#context;
    return this.#spans.map(({ offset, length }) => {
      budget.takeKept(length);
      return window.copy(offset, length);
    });
  }
}
