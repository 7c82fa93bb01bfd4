import { openOnnxSession } from '../../src/runtime/onnxruntime.ts';
import type { Verdict } from './agreement.ts';

process.on('message', (bytes: Uint8Array) => {
  judge(bytes).then((verdict) => process.send?.(verdict));
});

async function judge(bytes: Uint8Array): Promise<Verdict> {
  try {
    await openOnnxSession({
      modelPath: '',
      bytes,
      provider: 'cpu',
      threads: 1,
      optimization: 'disabled',
      strictProvider: false,
    });
    return 'loaded';
  } catch (error) {
    // The word alone stands in the names of C++ types too.
    return /protobuf parsing failed/i.test(String(error)) ? 'invalid-protobuf' : 'rejected';
  }
}
