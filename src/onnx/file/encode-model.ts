import { ModelProtoSchema } from 'onnx-buf';
import type { Model } from '../model.ts';
import { inlining } from './data-plan.ts';
import type { EncodeContext } from './encode-context.ts';
import { writeEntries, writeOpsets } from './encode-entries.ts';
import { writeFunction } from './encode-function.ts';
import { writeGraph } from './encode-graph.ts';
import type { Layout } from './layout.ts';
import { MessageWriter } from './message-writer.ts';
import { layoutOf } from './moved-parts.ts';
import type { Piece } from './pieces.ts';
import { chunksOf } from './pieces.ts';

const fields = ModelProtoSchema.field;

/**
 * A whole model as one file's bytes, elements from data files included. For models that fit in memory; others are
 * written by saveModel. Throws ModelError when a stored tensor cannot be read any more.
 */
export function encodeModel(model: Model): Uint8Array {
  const layout = layoutOf(model, inlining);
  return Buffer.concat([...chunksOf(modelPieces(model, layout))]);
}

/** A ModelProto as pieces, in order: copied where it is as it was read. */
export function modelPieces(model: Model, layout: Layout): readonly Piece[] {
  const isMoved = layout.isMoved(model.graph) || model.functions.some((definition) => layout.isMoved(definition));
  if (model.origin !== null && !isMoved) {
    const { source, offset, length } = model.origin;
    return [{ kind: 'range', source, offset, length }];
  }
  const context: EncodeContext = {
    ...layout,
    writeGraph: (writer, field, graph) => writeGraph(writer, field, { graph, context }),
  };
  const writer = new MessageWriter();
  writer.int(fields.irVersion, model.irVersion);
  writer.textIfAny(fields.producerName, model.producer.name);
  writer.textIfAny(fields.producerVersion, model.producer.version);
  writer.textIfAny(fields.domain, model.domain);
  if (model.modelVersion !== 0n) writer.int(fields.modelVersion, model.modelVersion);
  writer.textIfAny(fields.docString, model.docString);
  writeGraph(writer, fields.graph, { graph: model.graph, context });
  writeOpsets(writer, fields.opsetImport, model.opsets);
  writeEntries(writer, fields.metadataProps, model.metadata);
  for (const definition of model.functions) writeFunction(writer, fields.functions, { definition, context });
  for (const kept of model.unknownFields)
    writer.fields(
      kept instanceof Uint8Array
        ? kept
        : { kind: 'range', source: kept.source, offset: kept.offset, length: kept.length },
    );
  return writer.pieces;
}
