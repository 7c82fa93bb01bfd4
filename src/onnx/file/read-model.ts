import { DeviceConfigurationProtoSchema, ModelProtoSchema, TrainingInfoProtoSchema } from 'onnx-buf';
import { ModelError } from '../../errors.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import { Model } from '../model.ts';
import { Names } from '../names.ts';
import type { ByteSource, Origin } from '../origin.ts';
import { ByteWindow } from './byte-window.ts';
import { keepChecked } from './check-message.ts';
import { ExternalFiles } from './external-files.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import { smallestStoredBytes } from './limits.ts';
import { linkGraphs } from './link-graphs.ts';
import { MemorySource } from './memory-source.ts';
import { MessageCursor } from './message-cursor.ts';
import { ReadBudget } from './read-budget.ts';
import type { ReadContext } from './read-context.ts';
import { invalid } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { readDocString, readMetadata } from './read-description.ts';
import { readOpset } from './read-entries.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { readFunction } from './read-function.ts';
import type { GraphReading } from './read-graph.ts';
import { readGraph } from './read-graph.ts';
import { UnknownFields } from './unknown-fields.ts';

interface ModelDraft extends DescribedDraft {
  readonly reading: GraphReading;
  irVersion: number | null;
  producerName: string;
  producerVersion: string;
  domain: string;
  modelVersion: bigint;
  graph: Graph | null;
  readonly opsets: Map<string, number>;
  readonly functions: FunctionDefinition[];
}

const field = ModelProtoSchema.field;

const handlers = fieldHandlers<ModelDraft>([
  [
    varintTag(field.irVersion),
    (draft, cursor) => {
      draft.irVersion = cursor.number();
    },
  ],
  [
    bytesTag(field.producerName),
    (draft, cursor) => {
      draft.producerName = cursor.name();
    },
  ],
  [
    bytesTag(field.producerVersion),
    (draft, cursor) => {
      draft.producerVersion = cursor.name();
    },
  ],
  [
    bytesTag(field.domain),
    (draft, cursor) => {
      draft.domain = cursor.name();
    },
  ],
  [
    varintTag(field.modelVersion),
    (draft, cursor) => {
      draft.modelVersion = cursor.int64();
    },
  ],
  [bytesTag(field.graph), readMainGraph],
  [
    bytesTag(field.functions),
    ({ functions, reading }, cursor) => functions.push(readFunction(reading, cursor.message())),
  ],
  [bytesTag(field.opsetImport), ({ context, opsets }, cursor) => readOpset(context, cursor, opsets)],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
  [bytesTag(field.trainingInfo), keepChecked(TrainingInfoProtoSchema)],
  [bytesTag(field.configuration), keepChecked(DeviceConfigurationProtoSchema)],
]);

/** The model in some bytes. Data files are looked for beside `path`; without one, a model must not have any. */
export function readModelBytes(bytes: Uint8Array, path?: string): Model {
  const externalFiles = path === undefined ? null : new ExternalFiles(path);
  return readModel(new MemorySource(bytes, path ?? 'model'), { externalFiles });
}

/**
 * The model in a file. Payloads of {@link smallestStoredBytes} and more are only located: whoever wants them needs the
 * source open still. Throws ModelError for a file that is no sound ONNX model, also when onnxruntime might take it.
 */
export function readModel(
  source: ByteSource,
  { externalFiles = null }: { readonly externalFiles?: ExternalFiles | null } = {},
): Model {
  const context: ReadContext = {
    window: new ByteWindow(source),
    budget: new ReadBudget(source.path),
    names: new Names(),
    types: new Map(),
    strings: new Map(),
    externalFiles,
  };
  const draft = emptyDraft({ context, scopes: [] });
  readFields(new MessageCursor(context, { offset: 0, length: source.sizeBytes }), draft, handlers);
  const { graph, irVersion, docString, metadata, opsets, functions, domain, modelVersion } = draft;
  if (graph === null)
    throw new ModelError('model-not-onnx', { path: source.path, looksLike: 'a protobuf message without a graph' });
  if (irVersion === null || !Number.isSafeInteger(irVersion) || irVersion < 1)
    throw invalid(context, '', 'it says no version of ONNX’s format');
  refuseTwins(context, functions);
  linkGraphs(context, draft.reading.scopes);
  const producer = { name: draft.producerName, version: draft.producerVersion };
  const about = { irVersion, opsets, producer, domain, modelVersion, docString, metadata };
  const model = new Model({ ...about, graph, functions, unknownFields: unknownOf(draft) });
  model.origin = { source, offset: 0, length: source.sizeBytes };
  return model;
}

function emptyDraft(reading: GraphReading): ModelDraft {
  const { context } = reading;
  return {
    context,
    reading,
    unknown: new UnknownFields(context),
    irVersion: null,
    producerName: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0n,
    docString: '',
    graph: null,
    opsets: new Map(),
    functions: [],
    metadata: [],
  };
}

function readMainGraph(draft: ModelDraft, cursor: MessageCursor): void {
  if (draft.graph !== null) throw invalid(draft.context, '', 'it has two graphs');
  draft.graph = readGraph(draft.reading, cursor.message());
}

function refuseTwins(context: ReadContext, functions: readonly FunctionDefinition[]): void {
  const known = new Set<string>();
  for (const { domain, name, overload } of functions) {
    const id = JSON.stringify([domain, name, overload]);
    if (known.has(id)) throw invalid(context, `function '${name}'`, 'it is defined twice');
    known.add(id);
  }
}

/** Training info holds graphs and tensors of its own: large ones stay in the file. */
function unknownOf({ context, unknown }: ModelDraft): readonly (Uint8Array | Origin)[] {
  const { source } = context.window;
  return unknown.spans.map(({ offset, length }) =>
    length >= smallestStoredBytes ? { source, offset, length } : context.window.copy(offset, length),
  );
}
