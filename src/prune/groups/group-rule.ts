import type { NodeTies } from './node-ties.ts';

/** What an operator means for the axes of what it reads and makes: which indices go together, which have to stay. */
export type GroupRule = (ties: NodeTies) => void;
