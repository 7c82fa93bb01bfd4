import type { FunctionDefinition } from './function-definition.ts';
import type { Graph } from './graph.ts';
import type { MetadataEntry } from './metadata.ts';
import type { Origin } from './origin.ts';

export interface ModelOptions {
  readonly irVersion: number;
  /** Operator sets by domain; the standard one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Graph;
  readonly functions?: readonly FunctionDefinition[];
  readonly producer?: { readonly name: string; readonly version: string };
  readonly domain?: string;
  readonly modelVersion?: bigint;
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
  /** Whole fields kept as they were: training info, device configurations, fields of a newer schema. */
  readonly unknownFields?: readonly (Uint8Array | Origin)[];
}

/** An ONNX model: a graph, the operator sets it speaks, and who made it. */
export class Model {
  readonly graph: Graph;
  readonly producer: { readonly name: string; readonly version: string };
  readonly domain: string;
  readonly modelVersion: bigint;
  readonly docString: string;
  readonly unknownFields: readonly (Uint8Array | Origin)[];
  /** The whole file, while everything in it is as it was. */
  origin: Origin | null = null;
  #irVersion: number;
  readonly #opsets: Map<string, number>;
  #functions: readonly FunctionDefinition[];
  #metadata: readonly MetadataEntry[];

  constructor(options: ModelOptions) {
    this.graph = options.graph;
    this.#irVersion = options.irVersion;
    this.#opsets = new Map(options.opsets);
    this.#functions = options.functions ?? [];
    this.producer = options.producer ?? { name: '', version: '' };
    this.domain = options.domain ?? '';
    this.modelVersion = options.modelVersion ?? 0n;
    this.docString = options.docString ?? '';
    this.#metadata = options.metadata ?? [];
    this.unknownFields = options.unknownFields ?? [];
    const container = { touch: () => this.touch(), graph: null };
    this.graph.setContainer(container);
    for (const { body } of this.#functions) body.setContainer(container);
  }

  get irVersion(): number {
    return this.#irVersion;
  }

  get opsets(): ReadonlyMap<string, number> {
    return this.#opsets;
  }

  /** Version of the standard operator set; 1 where the model imports none, as onnx defines it. */
  get opset(): number {
    return this.#opsets.get('') ?? this.#opsets.get('ai.onnx') ?? 1;
  }

  get functions(): readonly FunctionDefinition[] {
    return this.#functions;
  }

  get metadata(): readonly MetadataEntry[] {
    return this.#metadata;
  }

  setIrVersion(version: number): void {
    this.#irVersion = version;
    this.touch();
  }

  /** Imports an operator set, or another version of it. */
  setOpset(domain: string, version: number): void {
    const known = domain === '' && this.#opsets.has('ai.onnx') ? 'ai.onnx' : domain;
    this.#opsets.set(known, version);
    this.touch();
  }

  removeOpset(domain: string): void {
    this.#opsets.delete(domain);
    this.touch();
  }

  setFunctions(functions: readonly FunctionDefinition[]): void {
    this.#functions = functions;
    for (const { body } of functions) body.setContainer({ touch: () => this.touch(), graph: null });
    this.touch();
  }

  setMetadata(entries: readonly MetadataEntry[]): void {
    this.#metadata = entries;
    this.touch();
  }

  touch(): void {
    this.origin = null;
  }
}
