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
    return /protobuf/i.test(String(error)) ? 'invalid-protobuf' : 'rejected';
  }
}
