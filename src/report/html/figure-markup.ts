import type { CsvValue } from '../csv.ts';
import { csvText } from '../csv.ts';
import { count } from '../units.ts';
import type { Figure, FigureData } from './figure.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';

/** Longer tables take a browser time to lay out. */
const mostRows = 100;

/** A figure with its legend, its numbers as a table for who cannot see it, and these as CSV. */
export function figureMarkup(figure: Figure, id: string): Markup {
  const { title, caption, drawings, legend, data, more } = figure;
  return html`<figure id="${id}">
    <figcaption><strong>${title}</strong> <span>${caption}</span></figcaption>
    ${
      legend.length === 0
        ? null
        : html`<ul class="legend">
            ${legend.map((entry) => html`<li>${entry}</li>`)}
          </ul>`
    }
    <div class="${drawings.length > 1 ? 'panels' : 'panel'}">${drawings}</div>
    ${more === null ? null : html`<p class="more">${more}</p>`}
    <div class="tools"><button type="button" data-csv aria-label="Download CSV of ${title}">Download CSV</button></div>
    <details>
      <summary>Numbers of this figure (${count(data.rows.length, 'row')})</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Numbers of: ${title}">
        ${data.rows.length > mostRows ? csvMarkup(data) : dataMarkup(data, title)}
      </div>
    </details>
  </figure>`;
}

function dataMarkup({ header, rows }: FigureData, title: string): Markup {
  return html`<table>
    <caption class="unseen">
      ${title}
    </caption>
    <thead>
      <tr>
        ${header.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((value) => html`<td>${plainText(value)}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;
}

/** As text, which costs a browser nothing: what was drawn is in a table of the page too. */
function csvMarkup({ header, rows }: FigureData): Markup {
  const text = csvText(
    header,
    rows.map((row) => row.map((value) => inertText(plainText(value)))),
  );
  return html`<pre data-rows>${text.replaceAll('\r\n', '\n')}</pre>`;
}

/** A spreadsheet would compute a name that looks like a formula: it gets an apostrophe, as the page's script does it. */
function inertText(text: string): string {
  return /^(?:[=@\t\r]|[+-](?![\d.]))/.test(text) ? `'${text}` : text;
}

/** To six digits: beyond them is noise. */
function plainText(value: CsvValue): string {
  if (value === null) return '';
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}
