import type { Point } from '../bench/bench-result.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import type { Fact } from './fact.ts';

/** Where the processes of each point were held, and whether the kernel says so too; points alike are told once. */
export function pinnedFacts(rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const pinned = rows.flatMap((row) =>
    row.point.pinned === undefined ? [] : [{ row, text: textOf(row.point.pinned) }],
  );
  const texts = [...new Set(pinned.map(({ text }) => text))];
  return texts.map((text) => {
    const own = pinned.filter((entry) => entry.text === text);
    const [only] = own;
    const name =
      texts.length === 1 || only === undefined
        ? ''
        : `${own.length === 1 ? pointName(only.row, factors) : `${own.length} points`}: `;
    return { label: 'Pinned', text: `${name}${text}` };
  });
}

function textOf({ processors, held }: NonNullable<Point['pinned']>): string {
  const shares = processors.map((own) => own.join(', ')).join(' and ');
  const total = processors.flat().length;
  const where = `to ${total === 1 ? 'processor' : 'processors'} ${shares}`;
  return `${where}, ${held ? 'read back from the kernel' : 'but the kernel lets threads run elsewhere'}`;
}
