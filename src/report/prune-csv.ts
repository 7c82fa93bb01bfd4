import type { PrunedBlock, PrunedGroup, PruneResult, SparseLayer } from '../prune/prune-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';

type Field<Row> = readonly [name: string, read: (row: Row, result: PruneResult) => CsvValue];

const leading: readonly Field<unknown>[] = [
  ['model', (_, { model }) => model.path],
  ['output', (_, { output }) => output?.path ?? null],
  ['pruned', (_, { settings }) => settings.kind],
];

const trailing: readonly Field<unknown>[] = [
  ['ep', (_, { settings }) => settings.ep],
  ['threads', (_, { settings }) => settings.threads],
  ['seed', (_, { settings }) => settings.seed],
  ['onnxruntime', (_, { environment }) => environment.onnxruntime],
  ['fingerprint', (_, { environment }) => environment.fingerprint],
  ['createdAt', (_, { createdAt }) => createdAt],
];

const groupFields: readonly Field<PrunedGroup>[] = [
  ['group', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['producers', ({ producers }) => producers.join(' ')],
  ['consumers', ({ consumers }) => consumers.join(' ')],
  ['unitsBefore', ({ unitsBefore }) => unitsBefore],
  ['unitsAfter', ({ unitsAfter }) => unitsAfter],
  ['locks', ({ locks }) => [...new Set(locks.map(({ reason }) => reason))].join(' ')],
  ['lockNode', ({ locks }) => locks[0]?.node ?? null],
  ['macsShare', ({ macsShare }) => macsShare],
  ['latencyShare', ({ latencyShare }) => latencyShare],
  ['scoreRemoved', ({ scoreRemoved }) => scoreRemoved],
  ['scoreKept', ({ scoreKept }) => scoreKept],
];

const blockFields: readonly Field<PrunedBlock>[] = [
  ['block', ({ name }) => name],
  ['nodes', ({ nodes }) => nodes],
  ['influence', ({ influence }) => influence],
  ['removed', ({ removed }) => removed],
  ['lock', ({ lock }) => lock],
];

const layerFields: readonly Field<SparseLayer>[] = [
  ['node', ({ node }) => node],
  ['weights', ({ weights }) => weights],
  ['zeros', ({ zeros }) => zeros],
  ['score', ({ score }) => score],
  ['error', ({ error }) => error],
];

/** What became of a model's groups, blocks or layers, whichever were pruned, as RFC 4180; shares between 0 and 1. */
export function pruneCsv(result: PruneResult): string {
  switch (result.settings.kind) {
    case 'structured':
      return records(result, result.groups, groupFields);
    case 'depth':
      return records(result, result.blocks, blockFields);
    case 'sparsity':
    case 'pattern':
      return records(result, result.sparseLayers, layerFields);
  }
}

function records<Row>(result: PruneResult, rows: readonly Row[], own: readonly Field<Row>[]): string {
  const fields: readonly Field<Row>[] = [...leading, ...own, ...trailing];
  return csvText(
    fields.map(([name]) => name),
    rows.map((row) => fields.map(([, read]) => read(row, result))),
  );
}
