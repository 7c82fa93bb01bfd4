import type { Attribute } from './attribute.ts';
import type { Graph } from './graph.ts';
import type { MetadataEntry } from './metadata.ts';
import type { Origin } from './origin.ts';

/** An operator defined inside the model by a graph of others. */
export interface FunctionDefinition {
  readonly domain: string;
  readonly name: string;
  readonly overload: string;
  /** Attributes a caller must give. */
  readonly attributes: readonly string[];
  /** Attributes with a default. */
  readonly attributeDefaults: readonly Attribute[];
  readonly opsets: ReadonlyMap<string, number>;
  /** Inputs, outputs and nodes; its values have no declared types unless the file says so. */
  readonly body: Graph;
  readonly docString: string;
  readonly metadata: readonly MetadataEntry[];
  /** Fields of a newer schema, as they were. */
  readonly unknownFields: Uint8Array | null;
  /** The FunctionProto; copied when saved as long as `body.origin` is still the one it was read with. */
  readonly origin: Origin | null;
}

/** What a call names a function by: equal keys mean the same function. */
export function functionKey({
  domain,
  name,
  overload,
}: Pick<FunctionDefinition, 'domain' | 'name' | 'overload'>): string {
  return JSON.stringify([domain === 'ai.onnx' ? '' : domain, name, overload]);
}
