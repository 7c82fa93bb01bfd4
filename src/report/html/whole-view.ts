import type { View } from '../view.ts';

/** A page can be filtered and scrolled: it shows what a terminal leaves out, up to what still opens quickly. */
export const wholeView: View = { top: 1000, details: true, tree: false, explain: true };
