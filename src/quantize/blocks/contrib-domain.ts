import type { Model } from '../../onnx/model.ts';

/** onnxruntime's own operators. */
export const contribDomain = 'com.microsoft';

/** Imports onnxruntime's operators, of which there is version 1 only. */
export function importContrib(model: Model): void {
  if (!model.opsets.has(contribDomain)) model.setOpset(contribDomain, 1);
}
