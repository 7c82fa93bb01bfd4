import { UsageError } from '../../errors.ts';
import type { QuantizeSettings } from '../../quantize/quantize-settings.ts';

/** What a target has no kernels for, with the reason. */
const unsupported: Readonly<Record<string, string>> = {
  'webgpu int8':
    'its provider has no quantized operators but weights by blocks, so that every product would fall back to the CPU; use --int4, --fp16 or both',
  'webgpu int8-weights': 'its provider would dequantize them at every run; use --int4, --fp16 or both',
  'cuda int8':
    'its provider multiplies no 8-bit activations that this could write; use --fp16 or --int4, or --target tensorrt',
  'cuda int8-weights': 'its provider would dequantize them at every run; use --int4 or --fp16',
  'tensorrt int4': 'its provider has no kernel for weights by blocks; use --int8 or --fp16',
  'tensorrt int4-fp16': 'its provider has no kernel for weights by blocks; use --int8 or --fp16',
  'tensorrt int8-weights': 'it wants activations quantized, too; use --int8',
};

/** @throws UsageError `target-unsupported` */
export function checkTarget({ scheme, method, target }: QuantizeSettings): void {
  const isBlocks = scheme === 'int8' && method === 'blocks';
  const problem = isBlocks && target !== 'tensorrt' ? undefined : unsupported[`${target} ${scheme}`];
  if (problem !== undefined)
    throw new UsageError('target-unsupported', { wanted: `--${scheme.replace('-fp16', ' --fp16')}`, target, problem });
  if (target === 'tensorrt' && scheme === 'int8' && (method === 'dynamic' || method === 'blocks')) {
    const reason = 'it needs ranges that are known before it runs; use --method static';
    throw new UsageError('target-unsupported', { wanted: `--method ${method}`, target, problem: reason });
  }
}
