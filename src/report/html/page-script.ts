/**
 * What a report's tables and buttons do, as plain JavaScript. It reads the page alone and sends nothing; without it the
 * report is whole, but for sorting, filtering and CSV. Its hash is in the page's policy.
 */
export const pageScript = String.raw`
'use strict';
{
  const text = (cell) => cell.textContent.trim();
  const isBlank = (value) => value === '' || value === '-' || value === '–';

  // Figures before words before blanks, whichever way figures and words are sorted.
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const value = text(cell);
    if (isBlank(value)) return { rank: 2, value };
    const figure = Number(cell.dataset.s ?? value);
    return Number.isNaN(figure) ? { rank: 1, value } : { rank: 0, value: figure };
  };
  const compare = (a, b) =>
    a.rank === 0 ? a.value - b.value : a.value.localeCompare(b.value, undefined, { numeric: true });

  const sortBy = (heading) => {
    const table = heading.closest('table');
    const body = table.tBodies[0];
    const column = heading.cellIndex;
    const next = { none: 'ascending', ascending: 'descending', descending: 'none' }[heading.getAttribute('aria-sort')];
    for (const other of table.tHead.rows[0].cells) other.setAttribute('aria-sort', 'none');
    heading.setAttribute('aria-sort', next);
    const sign = next === 'descending' ? -1 : 1;
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, column), at: Number(row.dataset.at) }));
    if (next === 'none') keyed.sort((a, b) => a.at - b.at);
    else keyed.sort((a, b) => a.key.rank - b.key.rank || sign * compare(a.key, b.key) || a.at - b.at);
    body.append(...keyed.map(({ row }) => row));
  };

  const filter = (input) => {
    const grid = input.closest('.grid');
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...grid.querySelector('tbody').rows];
    let shown = 0;
    for (const row of rows) {
      const content = [...row.cells].map(text).join(' ').toLowerCase();
      row.hidden = !words.every((word) => content.includes(word));
      if (!row.hidden) shown += 1;
    }
    const all = rows.length + (rows.length === 1 ? ' row' : ' rows');
    grid.querySelector('[data-count]').textContent = words.length === 0 ? all : shown + ' of ' + all;
  };

  // A spreadsheet would compute a name that looks like a formula: it gets an apostrophe.
  const field = (value) => {
    const safe = /^(?:[=@\t\r]|[+-](?![\d.]))/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const nameOf = (label) => label.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'data';

  const saveCsv = (button) => {
    const part = button.closest('figure, .grid');
    const written = part.querySelector('[data-rows]');
    const rows = [...part.querySelectorAll('table tr')].filter((row) => !row.hidden);
    const lines =
      written === null
        ? rows.map((row) => [...row.cells].map((cell) => field(text(cell))).join(','))
        : written.textContent.trimEnd().split('\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([lines.join('\r\n') + '\r\n'], { type: 'text/csv' }));
    link.download = nameOf(button.getAttribute('aria-label').replace('Download CSV of ', '')) + '.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // A click makes a frame as wide as the drawing, and what lies above it too; the top one shows all.
  const widen = (frame) => {
    const drawing = frame.closest('[data-flame]');
    const width = Number(drawing.dataset.flame);
    const [start, part] = [Number(frame.dataset.from), Number(frame.dataset.share)];
    for (const other of drawing.querySelectorAll('[data-share]')) {
      const from = Number(other.dataset.from);
      const left = Math.max(0, Math.min(1, (from - start) / part));
      const right = Math.max(0, Math.min(1, (from + Number(other.dataset.share) - start) / part));
      const wide = (right - left) * width;
      const [box, label] = other.children;
      box.setAttribute('x', left * width);
      box.setAttribute('width', wide);
      label.setAttribute('x', left * width + 4);
      const letters = Math.floor((wide - 8) / 6.8);
      const name = label.dataset.name;
      label.textContent = letters < 2 ? '' : name.length > letters ? name.slice(0, letters - 1) + '…' : name;
    }
  };

  for (const table of document.querySelectorAll('table[data-sortable]'))
    [...table.tBodies[0].rows].forEach((row, index) => { row.dataset.at = index; });
  document.addEventListener('click', ({ target }) => {
    const frame = target.closest('[data-share]');
    if (frame !== null) widen(frame);
    const button = target.closest('button');
    if (button === null) return;
    if ('sort' in button.dataset) sortBy(button.closest('th'));
    if ('csv' in button.dataset) saveCsv(button);
  });
  document.addEventListener('input', ({ target }) => {
    if ('filter' in target.dataset) filter(target);
  });
}
`;
