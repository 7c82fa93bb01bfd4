import type { Cell, Column } from '../grid.ts';
import { count, formatWhole } from '../units.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import { sortValues } from './sort-value.ts';

/** Rows beyond it stay in the result file: a page of a hostile or huge result must still open. */
const mostRows = 1000;
/** Longer texts take several lines. */
const longestLine = 44;
/** From here on a filter helps. */
const rowsToFilter = 6;

interface TableText {
  /** Unique on the page. */
  readonly id: string;
  /** What the table is of, for who cannot see it. */
  readonly label: string;
  /** What was left out already. */
  readonly more: string | null;
}

/** A table that sorts by its headings and filters by what is typed; both work once the page's script has run. */
export function tableMarkup(columns: readonly Column[], { id, label, more }: TableText): Markup {
  const all = Math.max(0, ...columns.map(({ cells }) => cells.length));
  const rows = Math.min(all, mostRows);
  const rest = all > rows ? `${formatWhole(all - rows)} more rows are in the result file` : null;
  const values = columns.map(sortValues);
  const body = Array.from(
    { length: rows },
    (_, row) =>
      html`<tr>
        ${columns.map((column, index) => cellMarkup(column, row, values[index]?.[row] ?? null))}
      </tr> `,
  );
  return html`<div class="grid" id="${id}">
    ${toolsMarkup(id, { label, rows })}
    <div class="scroll" tabindex="0" role="region" aria-label="${label}, table">
      <table data-sortable>
        <caption class="unseen">
          ${label}
        </caption>
        <thead>
          <tr>
            ${columns.map(headingMarkup)}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
    </div>
    ${[more, rest].map((text) => (text === null ? null : html`<p class="more">${text}</p>`))}
  </div>`;
}

function toolsMarkup(id: string, { label, rows }: { readonly label: string; readonly rows: number }): Markup {
  const filter =
    rows < rowsToFilter
      ? null
      : html`<label for="${id}-filter">Filter</label
          ><input
            type="search"
            id="${id}-filter"
            data-filter
            aria-describedby="${id}-count"
            placeholder="words of a row"
            autocomplete="off"
            spellcheck="false"
          /><span id="${id}-count" role="status" data-count>${count(rows, 'row')}</span>`;
  return html`<div class="tools">
    ${filter}<button type="button" data-csv aria-label="Download CSV of ${label}">Download CSV</button>
  </div>`;
}

function headingMarkup({ header, align }: Column): Markup {
  const lines = header.map((line, index) => html`${index === 0 ? null : html` <br />`}${line}`);
  // A heading without words still needs a name to be sorted by.
  const name = header.join('') === '' ? html`<span class="unseen">notes</span>` : lines;
  return html`<th scope="col" class="${align}" aria-sort="none">
    <button type="button" data-sort>${name}<span class="arrow" aria-hidden="true"></span></button>
  </th>`;
}

function cellMarkup({ cells, align }: Column, row: number, value: number | null): Markup {
  const cell: Cell = cells[row] ?? { text: '' };
  const tone = cell.tone === undefined || cell.tone === 'plain' ? '' : ` ${cell.tone}`;
  const text = cell.text.trim();
  const key = value === null || Number(text) === value ? null : html` data-s="${value}"`;
  const long = [...text].length > longestLine ? ' long' : '';
  const classes = `${align === 'right' ? 'right' : ''}${tone}${long}`.trim();
  return html`<td${classes === '' ? null : html` class="${classes}"`}${key}>${text}</td>`;
}
