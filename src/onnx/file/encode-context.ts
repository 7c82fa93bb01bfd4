import type { Graph } from '../graph.ts';
import type { Layout } from './layout.ts';
import type { MessageWriter } from './message-writer.ts';

/** What everything that writes a part of a model shares. */
export interface EncodeContext extends Layout {
  /** A graph holds nodes, which hold attributes, which hold graphs: the circle is closed here. */
  writeGraph(writer: MessageWriter, field: { readonly number: number }, graph: Graph): void;
}
