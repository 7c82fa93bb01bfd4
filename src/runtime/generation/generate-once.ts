import type { GenerationReport, GenerationRequest } from './generation.ts';
import { generate } from './generator.ts';
import type { GeneratorOptions } from './generator.ts';
import { TokenRecorder } from './token-recorder.ts';

/** Writes once, for what comes of it. */
export async function generateOnce(options: GeneratorOptions, request: GenerationRequest): Promise<GenerationReport> {
  const fromMs = options.now();
  const { ids, logits } = await generate(options, request, new TokenRecorder());
  const elapsedMs = options.now() - fromMs;
  return { ids, logits: request.keepLogits === true ? joined(logits) : null, elapsedMs };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
