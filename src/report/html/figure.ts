import type { CsvValue } from '../csv.ts';
import type { Markup } from './markup.ts';

/** Something drawn, and the numbers it was drawn from. */
export interface Figure {
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly caption: string;
  /** One drawing, or small multiples that share their axes. */
  readonly drawings: readonly Markup[];
  /** What the series' colors and symbols stand for; empty where there is one series alone. */
  readonly legend: readonly Markup[];
  /** What was drawn, for the table below it and for CSV. */
  readonly data: FigureData;
  /** What was left out; null when nothing was. */
  readonly more: string | null;
}

export interface FigureData {
  readonly header: readonly string[];
  readonly rows: readonly (readonly CsvValue[])[];
}
