/** How many series can be told apart by color and symbol. */
export const mostSeries = 8;

const colors = Array.from({ length: mostSeries }, (_, index) => `.c${index} { color: var(--s${index}); }`).join(' ');

/** Drawings take their colors from the page, so that they are light or dark with it. */
export const chartStyles = `
svg text { font-size: 12px; fill: var(--ink); font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
svg .tick text, svg .aside { fill: var(--dim); } svg .axis-title { fill: var(--dim); }
svg .domain, svg .tick line { stroke: var(--line); fill: none; } svg .one { stroke: var(--dim); stroke-width: 1.2; }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .aside { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg .curve { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; } svg .whisker { stroke: currentColor; stroke-width: 1.4; fill: none; }
svg .band { fill: currentColor; opacity: .16; } svg .mark { fill: currentColor; stroke: var(--paper); stroke-width: 1; }
svg .allowed { fill: var(--good); opacity: .13; } svg .limit { stroke: var(--bad); stroke-width: 1.4; stroke-dasharray: 4 3; }
svg .frontier { fill: none; stroke: var(--dim); stroke-width: 1.4; stroke-dasharray: 5 4; } svg .hollow { fill: var(--paper); stroke: currentColor; stroke-width: 1.8; }
svg .flame { cursor: pointer; } svg .flame rect { fill: currentColor; fill-opacity: .3; stroke: var(--paper); } svg .flame:hover rect { fill-opacity: .5; } svg .flame text { pointer-events: none; }
svg .row-line { stroke: var(--line); opacity: .5; } svg .plain { color: var(--ink); } svg .off { color: var(--dim); }
svg .good { color: var(--good); } svg .warn { color: var(--warn); } svg .bad { color: var(--bad); } svg text.good, svg text.warn, svg text.bad { fill: currentColor; }
${colors}`;
