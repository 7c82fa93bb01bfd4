import { chartStyles } from './charts/chart-styles.ts';

/** Colors by purpose. Text reaches a contrast of 4.5:1 on every background it stands on (WCAG 2.2, 1.4.3). */
const light = `
  --paper: #ffffff; --raised: #f5f6f8; --line: #d5d9e0; --ink: #1a1d23; --dim: #59606c; --link: #0b57d0;
  --good: #0f6b35; --warn: #8a5300; --bad: #b3261e; --good-paper: #e4f4e9; --warn-paper: #fdf1dc; --bad-paper: #fce8e6;
  --s0: #0b62b8; --s1: #c2500a; --s2: #1b7f4b; --s3: #9c3587; --s4: #806600; --s5: #4f5bd5; --s6: #007a87; --s7: #8c564b;`;
const dark = `
  --paper: #14161a; --raised: #1e2127; --line: #3a3f49; --ink: #e6e8ec; --dim: #a2a9b6; --link: #8ab4f8;
  --good: #6fce8f; --warn: #f0b455; --bad: #f28b82; --good-paper: #17301f; --warn-paper: #38290f; --bad-paper: #3d1c1a;
  --s0: #6cb2f5; --s1: #f79a5b; --s2: #5fcf95; --s3: #e48bd0; --s4: #d9bc3d; --s5: #9aa4ff; --s6: #4fcbd8; --s7: #d1a093;`;

const layout = `
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
body { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
p { margin: .4rem 0; overflow-wrap: anywhere; }
a { color: var(--link); }
.kind { color: var(--dim); margin: 0; text-transform: uppercase; letter-spacing: .06em; font-size: .8rem; }
.lead { font-size: 1.02rem; max-width: 64rem; }
.note, .more, .dim { color: var(--dim); }
.note, .more { font-size: .9rem; max-width: 64rem; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .strong { font-weight: 600; }
.lead.good, .lead.warn, .lead.bad { padding: .45rem .75rem; border-left: 4px solid; border-radius: 2px; }
.lead.good { background: var(--good-paper); } .lead.warn { background: var(--warn-paper); } .lead.bad { background: var(--bad-paper); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.warnings { margin: 0; padding: .6rem 1rem .6rem 2rem; background: var(--warn-paper); border-left: 4px solid var(--warn); border-radius: 2px; }
.warnings li { margin: .2rem 0; max-width: 64rem; overflow-wrap: anywhere; }
dl { margin: .75rem 0; display: grid; gap: .3rem; }
dl div { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: 0 1rem; }
dt { color: var(--dim); grid-column: 1; overflow-wrap: anywhere; } dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 40rem) { dl div { grid-template-columns: 1fr; } dt, dd { grid-column: 1; } }`;

const tables = `
.grid { margin: .75rem 0 1.5rem; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 0 0 .5rem; font-size: .9rem; }
.tools [data-count] { color: var(--dim); } .tools [data-csv] { margin-left: auto; }
.tools button, .tools input { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 5px; padding: .25rem .65rem; }
.tools input { background: var(--paper); width: 14rem; max-width: 100%; }
.tools button { cursor: pointer; } .tools button:hover { border-color: var(--dim); }
.scroll { overflow: auto; max-height: 34rem; border: 1px solid var(--line); border-radius: 5px; position: relative; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; } td.long { white-space: normal; min-width: 20rem; max-width: 34rem; overflow-wrap: anywhere; }
tbody tr:last-child td { border-bottom: 0; } tbody tr:hover td { background: var(--raised); }
.right { text-align: right; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--raised); font-weight: 600; white-space: nowrap; vertical-align: bottom; }
th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
th button:hover { text-decoration: underline; }
.arrow::after { content: "\\2195"; color: var(--dim); opacity: .55; margin-left: .3em; font-weight: 400; }
[aria-sort="ascending"] .arrow::after { content: "\\2191"; color: var(--ink); opacity: 1; }
[aria-sort="descending"] .arrow::after { content: "\\2193"; color: var(--ink); opacity: 1; }
tr[hidden] { display: none; }`;

const figures = `
figure { margin: .75rem 0 2rem; }
figcaption { margin-bottom: .5rem; max-width: 64rem; } figcaption span { color: var(--dim); font-size: .9rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0 0 .4rem; padding: 0; font-size: .88rem; }
.legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; } .legend svg { width: 18px; height: 14px; flex: none; }
.panel { overflow-x: auto; } .panel svg { display: block; width: 100%; min-width: 38rem; max-width: 62rem; height: auto; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .75rem; } .panels svg { display: block; width: 100%; height: auto; } .panel-title { font-size: .85rem; font-weight: 600; margin: 0; }
.panels > div { display: flex; flex-direction: column; justify-content: space-between; }
@media screen { .panels > div { content-visibility: auto; contain-intrinsic-size: auto 13rem; } }
pre { margin: 0; padding: .5rem .7rem; font: .85rem/1.4 ui-monospace, Consolas, monospace; }
figure .tools { margin-top: .4rem; } figure .tools [data-csv] { margin-left: 0; }
details { font-size: .9rem; } summary { cursor: pointer; color: var(--dim); } details .scroll { margin-top: .4rem; max-height: 20rem; }`;

const print = `
@media print {
  @page { margin: 12mm; }
  html { font-size: 10.5px; } body { max-width: none; padding: 0; }
  nav, .skip, .tools, details { display: none; }
  .scroll { overflow: visible; max-height: none; border: 0; }
  table { font-size: .82rem; } td { white-space: normal; } td.right { white-space: nowrap; } td.long { min-width: 9rem; max-width: none; } th, td { padding: .15rem .35rem; } thead th { position: static; white-space: normal; }
  .arrow { display: none; } th button { display: contents; }
  .panel, tr, dl div, .warnings li, .panels > div { break-inside: avoid; } h2, h3, figcaption, .legend { break-after: avoid; }
  .panels { grid-template-columns: repeat(3, 1fr); } .panel svg { min-width: 0; max-width: 100%; max-height: 120mm; }
  .lead, .warnings, .scroll, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

/** How a report looks: light or dark as the system is, always light on paper. */
export const stylesheet = `
:root { color-scheme: light dark; ${light} }
@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }
${layout}${tables}${figures}${chartStyles}${print}
`;
