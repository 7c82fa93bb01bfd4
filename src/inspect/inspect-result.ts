import { z } from 'zod';
import { envelopeShape, findingSchema } from '../result/envelope.ts';

/** A length, a symbolic dimension's name, or null for an axis without either. Null in all: not even the rank is known. */
const shapeSchema = z.array(z.union([z.number(), z.string(), z.null()])).nullable();

const endSchema = z.object({
  name: z.string(),
  /** Element type of a tensor, else the kind of type: sequence, map, optional; null when nothing is said. */
  type: z.string().nullable(),
  /** As the model declares it. */
  declared: shapeSchema,
  /** At the given lengths. */
  shape: shapeSchema,
});

const operatorSchema = z.object({
  name: z.string(),
  count: z.number(),
  macs: z.number(),
  /** Shares of the whole; null when that is 0. */
  macShare: z.number().nullable(),
  bytes: z.number(),
  byteShare: z.number().nullable(),
});

const tensorSchema = z.object({ name: z.string(), type: z.string(), dims: z.array(z.number()), bytes: z.number() });

const parametersSchema = z.object({
  /** Weights: elements of constants that are no shapes, indices, masks or texts; packed ones count singly. */
  count: z.number(),
  bytes: z.number(),
  tensors: z.number(),
  byType: z.array(z.object({ type: z.string(), tensors: z.number(), elements: z.number(), bytes: z.number() })),
  largest: z.array(tensorSchema),
  duplicates: z.object({
    groups: z.number(),
    wastedBytes: z.number(),
    /** Not read, to stay within a budget, or not readable. */
    skippedBytes: z.number(),
    worst: z.array(
      z.object({ ...tensorSchema.shape, tensors: z.number(), names: z.array(z.string()), wastedBytes: z.number() }),
    ),
  }),
});

const layerSchema = z.object({
  name: z.string(),
  operator: z.string(),
  /** The node whose subgraph, or the function, it is in; null in the main graph. */
  within: z.string().nullable(),
  kind: z.string(),
  outputShape: shapeSchema,
  macs: z.number().nullable(),
  macShare: z.number().nullable(),
  bytes: z.number().nullable(),
  /** MACs a byte. */
  intensity: z.number().nullable(),
  weightElements: z.number().nullable(),
  weightBytes: z.number().nullable(),
  /** Why it would not serve; null where it could. */
  quantization: z.string().nullable(),
  pruning: z.string().nullable(),
});

const suitedSchema = z.object({
  layers: z.number(),
  weightBytes: z.number(),
  obstacles: z.array(z.object({ code: z.string(), layers: z.number(), weightBytes: z.number() })),
});

const treeRowSchema = z.object({
  /** 1 for the outermost. */
  depth: z.number(),
  /** `operator` gathers the nodes of one operator in a module; `node` is one node, with what runs inside it below. */
  kind: z.enum(['module', 'operator', 'node']),
  name: z.string(),
  /** Null for modules. */
  operator: z.string().nullable(),
  /** Null for modules, and where nodes make different ones. */
  outputShape: shapeSchema,
  /** Those in the rows below counted: fewer of these than here means that rows were left out. */
  nodes: z.number(),
  macs: z.number(),
  constantBytes: z.number(),
});

const inspectionShape = {
  model: z.object({
    path: z.string().nullable(),
    sizeBytes: z.number().nullable(),
    externalFiles: z.array(z.object({ location: z.string(), sizeBytes: z.number() })),
    graph: z.string(),
    irVersion: z.number(),
    opsets: z.array(z.object({ domain: z.string(), version: z.number() })),
    producer: z.object({ name: z.string(), version: z.string() }),
    domain: z.string(),
    version: z.string(),
    description: z.string(),
    metadata: z.array(z.object({ key: z.string(), value: z.string() })),
    /** As written: each once, subgraphs and functions that are called included. */
    nodes: z.number(),
    subgraphs: z.number(),
    functions: z.number(),
  }),
  dims: z.record(z.string(), z.number()),
  inputs: z.array(endSchema),
  outputs: z.array(endSchema),
  operators: z.array(operatorSchema),
  parameters: parametersSchema,
  macs: z.object({
    definition: z.string(),
    /** Of all that are known. */
    total: z.number(),
    /** Nodes that are not in the total, by reason. */
    unknown: z.object({ shape: z.number(), tripCount: z.number(), operator: z.number() }),
  }),
  traffic: z.object({
    definition: z.string(),
    bytes: z.number(),
    unknownNodes: z.number(),
    /** MACs a byte over the whole model; null while something is unknown. */
    intensity: z.number().nullable(),
  }),
  activations: z.object({
    peakBytes: z.number(),
    node: z.object({ name: z.string(), operator: z.string() }).nullable(),
    /** The peak is a lower bound when there are any. */
    unknownValues: z.number(),
  }),
  layers: z.object({
    total: z.number(),
    quantizable: suitedSchema,
    prunable: suitedSchema,
    /** Those with most MACs, then most weights. */
    listed: z.array(layerSchema),
  }),
  /** Nodes by the modules that their names tell, in order where they tell none; Constant nodes are left out. */
  tree: z.object({
    nodes: z.number(),
    /** Each before those below it. */
    rows: z.array(treeRowSchema),
  }),
};

const inspectionSchema = z.object({ ...inspectionShape, warnings: envelopeShape.warnings });
/** What inspecting tells, apart from when and where it was done. */
export type Inspection = z.infer<typeof inspectionSchema>;

/** Whether the runtime takes the model. */
const verificationSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('skipped') }),
  z.object({
    status: z.literal('loaded'),
    /** Data files that were compared with the checksum the model gives. */
    checksums: z.number(),
  }),
  z.object({ status: z.literal('failed'), failure: findingSchema }),
]);
export type LoadVerification = z.infer<typeof verificationSchema>;

export const inspectResultSchema = z.object({
  ...envelopeShape,
  kind: z.literal('inspect'),
  ...inspectionShape,
  verification: verificationSchema,
});
export type InspectResult = z.infer<typeof inspectResultSchema>;
