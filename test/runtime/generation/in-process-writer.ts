import { recognizeDecoder } from '../../../src/bench/language/recognize.ts';
import { generateOnce } from '../../../src/runtime/generation/generate-once.ts';
import type { GenerationModel } from '../../../src/runtime/generation/generation-model.ts';
import type { GenerationReport, GenerationRequest } from '../../../src/runtime/generation/generation.ts';
import type { OnnxSession } from '../../../src/runtime/onnxruntime.ts';
import { openOnnxSession } from '../../../src/runtime/onnxruntime.ts';

export interface Writer {
  readonly session: OnnxSession;
  readonly model: GenerationModel;
  write(request: Partial<GenerationRequest> & Pick<GenerationRequest, 'prompts'>): Promise<GenerationReport>;
}

/** A model in this very process, recognized and ready to write; 8 tokens unless more are asked for. */
export async function openWriter(bytes: Uint8Array): Promise<Writer> {
  const session = await openOnnxSession({
    modelPath: '',
    bytes,
    provider: 'cpu',
    threads: 1,
    optimization: 'all',
    strictProvider: false,
  });
  const found = recognizeDecoder(session.signature);
  if (found.kind !== 'decoder') throw new Error(JSON.stringify(found));
  const { model } = found;
  const options = { session, model, now: () => performance.now() };
  return {
    session,
    model,
    write: (request) => generateOnce(options, { newTokens: 8, stopIds: [], useCache: true, ...request }),
  };
}
