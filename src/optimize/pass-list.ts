import { foldConstants } from '../compute/fold-constants.ts';
import type { FoldContext } from '../compute/fold-constants.ts';
import type { Pass } from '../onnx/pass.ts';
import { constantsToInitializers } from '../onnx/passes/constants-to-initializers.ts';
import { eliminateCommonSubexpressions } from '../onnx/passes/eliminate-common-subexpressions.ts';
import { fuseActivations } from '../onnx/passes/fuse-activations.ts';
import { fuseAffineIntoConv } from '../onnx/passes/fuse-affine-into-conv.ts';
import { fuseConstantChain } from '../onnx/passes/fuse-constant-chain.ts';
import { fuseConvAdd } from '../onnx/passes/fuse-conv-add.ts';
import { fuseConvBatchNormalization } from '../onnx/passes/fuse-conv-batch-normalization.ts';
import { fuseConvMul } from '../onnx/passes/fuse-conv-mul.ts';
import { fuseGelu } from '../onnx/passes/fuse-gelu.ts';
import { fuseGemmAdd } from '../onnx/passes/fuse-gemm-add.ts';
import { fuseGemmBatchNormalization } from '../onnx/passes/fuse-gemm-batch-normalization.ts';
import { fuseGemmMul } from '../onnx/passes/fuse-gemm-mul.ts';
import { fuseHardSigmoid } from '../onnx/passes/fuse-hard-sigmoid.ts';
import { fuseHardSwish } from '../onnx/passes/fuse-hard-swish.ts';
import { fuseLayerNormalization } from '../onnx/passes/fuse-layer-normalization.ts';
import { fuseMatMulAddToGemm } from '../onnx/passes/fuse-matmul-add-to-gemm.ts';
import { fusePad } from '../onnx/passes/fuse-pad.ts';
import { inlineConstantIf } from '../onnx/passes/inline-constant-if.ts';
import { mergeCasts } from '../onnx/passes/merge-casts.ts';
import { mergeConcats } from '../onnx/passes/merge-concats.ts';
import { mergeDuplicateInitializers } from '../onnx/passes/merge-duplicate-initializers.ts';
import { mergePads } from '../onnx/passes/merge-pads.ts';
import { mergeReshapes } from '../onnx/passes/merge-reshapes.ts';
import { mergeSlices } from '../onnx/passes/merge-slices.ts';
import { mergeTransposes } from '../onnx/passes/merge-transposes.ts';
import { removeDeadNodes } from '../onnx/passes/remove-dead-nodes.ts';
import { removeInitializersFromInputs } from '../onnx/passes/remove-initializers-from-inputs.ts';
import { removeNoops } from '../onnx/passes/remove-noops.ts';
import { removeUnusedFunctions } from '../onnx/passes/remove-unused-functions.ts';
import { removeUnusedInitializers } from '../onnx/passes/remove-unused-initializers.ts';

/**
 * The clean-up of `infer optimize`, in order: what makes others simpler comes first, what sweeps up comes last. Patterns
 * of several nodes are fused before their constants are merged with others, which would hide them.
 */
export const cleanUpPasses: readonly Pass<FoldContext>[] = [
  removeInitializersFromInputs,
  constantsToInitializers,
  inlineConstantIf,
  foldConstants,
  removeNoops,
  mergeTransposes,
  mergeReshapes,
  mergeCasts,
  mergeSlices,
  mergeConcats,
  mergePads,
  fuseHardSigmoid,
  fuseHardSwish,
  fuseLayerNormalization,
  fuseGelu,
  fusePad,
  fuseConvBatchNormalization,
  fuseConvMul,
  fuseConvAdd,
  fuseMatMulAddToGemm,
  fuseGemmBatchNormalization,
  fuseGemmMul,
  fuseGemmAdd,
  fuseActivations,
  fuseConstantChain,
  fuseAffineIntoConv,
  eliminateCommonSubexpressions,
  mergeDuplicateInitializers,
  removeDeadNodes,
  removeUnusedInitializers,
  removeUnusedFunctions,
];
