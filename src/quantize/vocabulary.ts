/** What a user may ask for. The two flags `--int4 --fp16` together are `int4-fp16`. */
export const schemes = ['int8', 'int4', 'int8-weights', 'fp16', 'int4-fp16'] as const;
export type Scheme = (typeof schemes)[number];

/**
 * Ways to int8. `dynamic` quantizes activations while the model runs, `static` by ranges that calibration data showed,
 * `blocks` keeps activations in float and weights in blocks of 8 bits; `auto` measures.
 */
export const methods = ['auto', 'dynamic', 'static', 'blocks'] as const;
export type Method = (typeof methods)[number];

/** Where the model is going to run: decides what may be written. */
export const targets = ['cpu', 'webgpu', 'cuda', 'tensorrt'] as const;
export type Target = (typeof targets)[number];

/** How a range is chosen from what calibration data showed; `auto` takes, per tensor, the one of least noise. */
export const calibrationMethods = ['auto', 'minmax', 'moving-average', 'percentile', 'entropy', 'mse'] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** How 4-bit integers are chosen; `auto` is gptq with data and mse without. */
export const blockAlgorithms = ['auto', 'rtn', 'mse', 'k-quant', 'awq', 'gptq'] as const;
export type BlockAlgorithm = (typeof blockAlgorithms)[number];

/** Types of quantized activations. */
export const activationTypes = ['uint8', 'int8', 'uint16', 'int16'] as const;

/** What was done with a node. */
export const treatments = ['dynamic', 'static', 'blocks', 'weights', 'float16', 'float'] as const;
export type Treatment = (typeof treatments)[number];

/** Why a node stayed in float. */
export const floatReasons = [
  /** `--exclude` names it. */
  'excluded',
  /** Its weight is computed while the model runs. */
  'weight-not-constant',
  /** It has no weight, and no quantized neighbor to pass integers on to. */
  'no-quantized-neighbor',
  /** Its data are integers already. */
  'already-quantized',
  /** Its weight is no float32. */
  'weight-type',
  /** Quantizing takes longer than is saved. */
  'too-small',
  /** onnxruntime has no integer kernel that this node would run on. */
  'no-integer-kernel',
  /** The method that was asked for or won does not cover this operator. */
  'method',
  /** The target has no kernel for it. */
  'target',
  /** Inside a Loop or Scan, whose values calibration does not see, or where the target takes no control flow. */
  'in-control-flow',
  /** No calibration data reached it. */
  'not-executed',
  /** It was quantized and cost too much accuracy. */
  'costs-accuracy',
  /** It was quantized, measured, and was not faster. */
  'costs-time',
  /** Activations beyond what float16 can tell. */
  'overflow',
  /** Activations so small that float16 would lose them. */
  'vanish',
  /** Computed in float32 on purpose: float16 is not safe or not there. */
  'blocked',
] as const;
export type FloatReason = (typeof floatReasons)[number];

/** What a written model must reach. */
export const goalNames = ['max-drop', 'min-speedup', 'max-size', 'faster', 'smaller', 'float16-on-cpu'] as const;
