import { createHash } from 'node:crypto';
import { figureMarkup } from './figure-markup.ts';
import type { Markup } from './markup.ts';
import { html, trusted } from './markup.ts';
import { factsMarkup, originMarkup } from './origin-markup.ts';
import type { Page, PageBlock, PageSection } from './page.ts';
import { pageScript } from './page-script.ts';
import { stylesheet } from './stylesheet.ts';
import { tableMarkup } from './table-markup.ts';

/**
 * A page as one file that needs nothing else. Its policy lets nothing be loaded or sent, and only this very style and
 * script run, so that even markup which got in would be inert.
 */
export function documentText(page: Page): string {
  const sections = pageSections(page);
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>infer ${page.kind}: ${page.heading}</title>
        ${trusted(`<style>${stylesheet}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the report</a>
        <header>
          <p class="kind">infer ${page.kind}</p>
          <h1>${page.heading}</h1>
          ${page.lead.map(({ text, tone }) => html`<p class="lead ${tone}">${text}</p> `)}
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ title }, index) => html`<li><a href="#part-${index + 1}">${title}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main id="content">
          ${sections.map(
            ({ title, body }, index) =>
              html`<section id="part-${index + 1}" aria-labelledby="title-${index + 1}">
                <h2 id="title-${index + 1}">${title}</h2>
                ${body(`part-${index + 1}`)}
              </section> `,
          )}
        </main>
        ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html>`;
  return `${document.toString()}\n`;
}

const policy = [
  "default-src 'none'",
  `style-src '${hashOf(stylesheet)}'`,
  `script-src '${hashOf(pageScript)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

interface DrawnSection {
  readonly title: string;
  /** With ids that begin with the given one. */
  readonly body: (id: string) => Markup;
}

/** Warnings come first: they say what to know before believing the rest. */
function pageSections({ warnings, sections, facts, origins }: Page): readonly DrawnSection[] {
  return [
    ...(warnings.length === 0 ? [] : [{ title: 'Warnings', body: () => warningsMarkup(warnings) }]),
    ...sections.map((section) => ({ title: section.title, body: (id: string) => sectionMarkup(section, id) })),
    ...(facts.length === 0 ? [] : [{ title: 'Summary', body: () => factsMarkup(facts) }]),
    { title: 'Environment', body: () => html`${origins.map(originMarkup)}` },
  ];
}

function warningsMarkup(warnings: readonly string[]): Markup {
  return html`<ul class="warnings">
    ${warnings.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
}

function sectionMarkup({ title, blocks }: PageSection, id: string): Markup {
  return html`${blocks.map((block, index) => blockMarkup(block, { title, id: `${id}-${index + 1}` }))}`;
}

function blockMarkup(block: PageBlock, { title, id }: { readonly title: string; readonly id: string }): Markup {
  switch (block.kind) {
    case 'grid':
      return tableMarkup(block.columns, { id, label: title, more: block.more });
    case 'facts':
      return factsMarkup(block.facts);
    case 'note':
      return html`<p class="note">${block.text}</p>`;
    case 'figure':
      return figureMarkup(block.figure, id);
  }
}
