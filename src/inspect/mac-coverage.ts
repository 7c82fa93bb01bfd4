import { contribRules } from '../onnx/shape/contrib-rules.ts';
import { standardRules } from '../onnx/shape/standard-rules.ts';
import type { Node } from '../onnx/node.ts';

/** Operators of no rule for shapes that certainly hold no multiply-adds by our definition. */
const uncounted: ReadonlySet<string> = new Set(
  [
    'SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence',
    'ConcatFromSequence Optional OptionalGetElement OptionalHasElement StringNormalizer StringSplit RegexFullMatch',
    'TfIdfVectorizer CenterCropPad BitCast ImageDecoder MelWeightMatrix SwiGLU',
  ].flatMap((names) => names.split(' ')),
);

const uncountedContrib: ReadonlySet<string> = new Set(
  [
    'QLinearGlobalAveragePool QLinearAveragePool QLinearWhere QLinearReduceMean BiasSplitGelu SkipGroupNorm',
    'NhwcMaxPool Trilu Unique GatherND Pad Range CropAndResize Tokenizer SampleOp CDist UnfoldTensor DynamicSlice',
  ].flatMap((names) => names.split(' ')),
);

/** Linear and support vector models multiply; the other operators of classical machine learning look things up. */
const classicalProducts: ReadonlySet<string> = new Set([
  'LinearClassifier',
  'LinearRegressor',
  'SVMClassifier',
  'SVMRegressor',
]);

/** Whether an operator without a rule for its MACs is known to have none. */
export function hasNoMacs(node: Node): boolean {
  if (node.is(node.op)) return standardRules.has(node.op) || uncounted.has(node.op);
  if (node.domain === 'com.microsoft') return contribRules.has(node.op) || uncountedContrib.has(node.op);
  return node.domain === 'ai.onnx.ml' && !classicalProducts.has(node.op);
}
