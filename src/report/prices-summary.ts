import type { PricesResult } from '../cost/catalog/prices-result.ts';
import type { CatalogFlag } from '../cost/vocabulary.ts';
import type { Fact } from './fact.ts';
import type { Column } from './grid.ts';
import { describeCostWarning } from './messages/cost-messages.ts';
import { flagLegend } from './messages/flag-texts.ts';
import { moreText } from './more-text.ts';
import { acceleratorColumns, gridColumns, instanceColumns, processorColumns, tokenColumns } from './prices-columns.ts';
import type { Part } from './prices-words.ts';
import { ageText, listedParts, partNouns } from './prices-words.ts';
import type { Block, Section } from './section.ts';
import { shortName } from './short-name.ts';
import { count } from './units.ts';

export interface PricesSummary {
  readonly sections: readonly Section[];
  readonly warnings: readonly string[];
}

const longestSource = 400;

/** The listed parts of a catalog with what their marks mean, how old they are and where they are from. */
export function pricesSummary(result: PricesResult, top: number): PricesSummary {
  const parts = listedParts(result);
  const rows = parts.reduce((sum, part) => sum + result[part].length, 0);
  const age: Block = { kind: 'note', text: ageText(result, rows) };
  return {
    sections: parts.map((part, index) => {
      // It is about all of them, and stands below the last table.
      const ages = index === parts.length - 1 ? [age] : [];
      return { title: count(result[part].length, partNouns[part]), blocks: blocksOf(part, result, { top, ages }) };
    }),
    warnings: result.warnings.map(describeCostWarning),
  };
}

interface Drawing {
  readonly top: number;
  readonly ages: readonly Block[];
}

function blocksOf(part: Part, result: PricesResult, { top, ages }: Drawing): readonly Block[] {
  const rows = result[part];
  if (rows.length === 0) return ages;
  const shown = Math.min(top, rows.length);
  const more = moreText({ of: rows.length, shown, noun: partNouns[part] });
  const facts = [...flagLegend(flagsIn(rows)), ...sourceFacts(part, result)];
  return [{ kind: 'grid', columns: columnsOfPart(part, result, shown), more }, ...ages, { kind: 'facts', facts }];
}

function columnsOfPart(part: Part, result: PricesResult, shown: number): readonly Column[] {
  switch (part) {
    case 'instances':
      return instanceColumns(result.instances.slice(0, shown));
    case 'processors':
      return processorColumns(result.processors.slice(0, shown));
    case 'accelerators':
      return acceleratorColumns(result.accelerators.slice(0, shown));
    case 'tokenPrices':
      return tokenColumns(result.tokenPrices.slice(0, shown));
    case 'grids':
      return gridColumns(result.grids.slice(0, shown));
  }
}

function flagsIn(rows: readonly { readonly flags: readonly CatalogFlag[] }[]): readonly CatalogFlag[] {
  return [...new Set(rows.flatMap(({ flags }) => flags))];
}

/** Each source once. */
function sourceFacts(part: Part, result: PricesResult): readonly Fact[] {
  const sources = result[part].map(({ source }) => source);
  const ofSpot = part === 'instances' ? result.instances.flatMap(({ spotSource }) => spotSource ?? []) : [];
  return [...new Set([...sources, ...ofSpot])].map((source) => ({
    label: 'Sources',
    text: shortName(source, longestSource),
  }));
}
