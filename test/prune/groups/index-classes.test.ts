import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IndexClasses } from '../../../src/prune/groups/index-classes.ts';

const count = 20;
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('unite' as const), a: fc.nat(count - 1), b: fc.nat(count - 1) }),
    fc.record({ kind: fc.constant('lock' as const), a: fc.nat(count - 1), b: fc.nat(2) }),
    fc.record({ kind: fc.constant('mark' as const), a: fc.nat(count - 1), b: fc.nat(1) }),
  ),
);
const reasons = ['reduced', 'normalized', 'mixes-units'] as const;

it('joins classes, their locks and their marks as sets do', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const classes = new IndexClasses();
      classes.add(count);
      let sets = Array.from({ length: count }, (_, index) => ({
        members: new Set([index]),
        locks: new Set<string>(),
        marks: 0,
      }));
      const setOf = (index: number) => sets.find(({ members }) => members.has(index));
      for (const { kind, a, b } of all) {
        const [first, second] = [setOf(a), setOf(b)];
        if (first === undefined || second === undefined) continue;
        if (kind === 'unite') {
          classes.unite(a, b);
          if (first === second) continue;
          const joined = {
            members: new Set([...first.members, ...second.members]),
            locks: new Set([...first.locks, ...second.locks]),
            marks: first.marks | second.marks,
          };
          sets = [...sets.filter((set) => set !== first && set !== second), joined];
        } else if (kind === 'lock') {
          const reason = reasons[b] ?? 'reduced';
          classes.addLocks(a, classes.lockSet({ reason, node: `n${a}`, op: 'X' }));
          first.locks.add(reason);
        } else {
          classes.mark(a, 1 << b);
          first.marks |= 1 << b;
        }
      }
      for (let a = 0; a < count; a++) {
        const own = setOf(a);
        expect(new Set(classes.locksOf(a).map(({ reason }) => reason))).toEqual(own?.locks);
        expect([1, 2].map((mark) => classes.hasMark(a, mark))).toEqual(
          [1, 2].map((mark) => ((own?.marks ?? 0) & mark) !== 0),
        );
        for (let b = 0; b < a; b++) expect(classes.find(a) === classes.find(b)).toBe(own?.members.has(b));
      }
    }),
    { seed: 2, numRuns: 100 },
  );
});
