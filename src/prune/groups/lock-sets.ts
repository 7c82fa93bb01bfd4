import type { Lock } from './prune-group.ts';

/**
 * Sets of locks by number, each set once, so that joining classes is joining numbers. A set keeps the first lock of each
 * reason: what a person needs to know, and few enough to be compared.
 */
export class LockSets {
  readonly #sets: (readonly Lock[])[] = [[]];
  readonly #ids = new Map<string, number>([['', 0]]);
  readonly #joined = new Map<string, number>();

  /** 0 for the empty set. */
  idOf(locks: readonly Lock[]): number {
    const key = JSON.stringify(locks);
    const known = locks.length === 0 ? 0 : this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#sets.length);
    return this.#sets.push(locks) - 1;
  }

  of(id: number): readonly Lock[] {
    return this.#sets[id] ?? [];
  }

  join(first: number, second: number): number {
    if (first === second || second === 0) return first;
    if (first === 0) return second;
    const key = `${first},${second}`;
    const known = this.#joined.get(key);
    if (known !== undefined) return known;
    const own = this.of(first);
    const more = this.of(second).filter(({ reason }) => own.every((lock) => lock.reason !== reason));
    const joined = more.length === 0 ? first : this.idOf([...own, ...more]);
    this.#joined.set(key, joined);
    return joined;
  }
}
