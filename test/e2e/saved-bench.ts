import { existsSync, readFileSync } from 'node:fs';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import type { BenchResult } from '../../src/bench/bench-result.ts';

/** The bench result in a file, held to its schema; null while there is none. */
export function savedBench(path: string): BenchResult | null {
  return existsSync(path) ? benchResultSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}
